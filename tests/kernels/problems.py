"""Problems for attention with relations, and the triangle of errors: ours, the formula in the same dtype, the formula in float64."""

import itertools
from dataclasses import dataclass

import torch

from microgt_kernels import keep_mask, relation_attention
from microgt_kernels.reference import attention_reference

PARTS = ("rel_k", "rel_v", "rel_bias")
ALL_PARTS = [c for size in range(4) for c in itertools.combinations(PARTS, size)]


@dataclass
class Problem:
    """leaves: q, k, v and the relation tables that are asked for. The last batch item sees no key when there is a mask."""

    leaves: dict[str, torch.Tensor]
    rel: torch.Tensor
    key_mask: torch.Tensor | None
    dropout: float = 0.0

    @classmethod
    def drawn(
        cls, n, dtype, *, parts=PARTS, b=2, h=2, g=1, d=16, relations=11, masked=True, dropout=0.0, seed=0, device="cpu"
    ):  # fmt: skip
        source = torch.Generator().manual_seed(seed)

        def leaf(*shape):
            return torch.randn(*shape, generator=source, dtype=torch.float64).to(device, dtype).requires_grad_()

        shapes = {
            "q": (b, h, n, d),
            "k": (b, g, n, d),
            "v": (b, g, n, d),
            "rel_k": (relations, d),
            "rel_v": (relations, d),
            "rel_bias": (h, relations),
        }
        leaves = {name: leaf(*shapes[name]) for name in ("q", "k", "v", *parts)}
        rel = torch.randint(relations, (b, n, n), generator=source).to(device, torch.uint8)
        mask = torch.rand(b, n, generator=source) < 0.7
        mask[0], mask[-1] = True, False
        return cls(leaves, rel, mask.to(device) if masked else None, dropout)

    def run(self, backend: str) -> list[torch.Tensor]:
        """Output and the gradients of all leaves, for a fixed gradient of the output."""
        torch.manual_seed(3)  # of the dropout mask
        return self.with_gradients(
            relation_attention(**self.leaves, rel=self.rel, key_mask=self.key_mask, dropout=self.dropout, backend=backend)
        )

    def formula(self, dtype: torch.dtype | None) -> list[torch.Tensor]:
        """The same by the formula, computed in `dtype`, or in that of the leaves."""
        torch.manual_seed(3)
        q = self.leaves["q"]
        keep = keep_mask((*q.shape[:2], q.shape[2], q.shape[2]), self.dropout, q) if self.dropout else None
        tables = (self.leaves.get(name) for name in PARTS)
        args = (*(self.leaves[x] for x in "qkv"), self.rel, *tables, self.key_mask, keep)
        return self.with_gradients(attention_reference(*args, upcast=dtype))

    def with_gradients(self, out: torch.Tensor) -> list[torch.Tensor]:
        weights = torch.randn(out.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(out)
        return [out.detach(), *torch.autograd.grad(out, list(self.leaves.values()), weights)]

    def assert_close_to_the_formula(self, backend: str) -> None:
        """The error of each result is at most twice that of the formula in the same dtype, and some units in the last place.

        The units: one of the result's own largest entry for rounding it, and four of float32 of the largest entry of all results for sums
        in another order, which is all there is where terms cancel (with one node the gradient of the queries is zero) or where the
        formula's own error is a unit or two (few nodes, float32).
        """
        names, exact, same = ("output", *self.leaves), self.formula(torch.float64), self.formula(None)
        order = 4 * torch.finfo(torch.float32).eps * max(x.abs().max() for x in exact)
        for name, want, formula, got in zip(names, exact, same, self.run(backend), strict=True):
            assert got.dtype is formula.dtype
            rounding = torch.finfo(got.dtype).eps * want.abs().max()
            assert (got - want).abs().max() <= 2 * (formula - want).abs().max() + rounding + order, name
