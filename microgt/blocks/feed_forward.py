"""The part of a layer that looks at one position at a time."""

from __future__ import annotations

from torch import Tensor, nn

from microgt_kernels import swiglu


class SwiGLU(nn.Module):
    """down(silu(gate(x)) * up(x)) (Shazeer 2020), as in Llama; `hidden` is the width inside."""

    def __init__(self, *, dim: int, hidden: int):
        super().__init__()
        self.gate_up = nn.Linear(dim, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[..., dim] -> [..., dim]."""
        return self.down(swiglu(self.gate_up(x)))


class GELU(nn.Module):
    """down(gelu(up(x))), as in BERT."""

    def __init__(self, *, dim: int, hidden: int):
        super().__init__()
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        """[..., dim] -> [..., dim]."""
        return self.down(nn.functional.gelu(self.up(x)))


class ReLUSquared(nn.Module):
    """down(relu(up(x))^2) (Primer, So et al. 2021)."""

    def __init__(self, *, dim: int, hidden: int):
        super().__init__()
        self.up = nn.Linear(dim, hidden, bias=False)
        self.down = nn.Linear(hidden, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[..., dim] -> [..., dim]."""
        return self.down(nn.functional.relu(self.up(x)).square())


class NoFeedForward(nn.Module):
    """The ablation: adds nothing. By multiplication, so that the norm before has a gradient (of zero), as DDP demands."""

    def forward(self, x: Tensor) -> Tensor:
        """[...] -> zeros."""
        return x * 0
