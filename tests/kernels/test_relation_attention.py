"""The torch path against the formula in float64: outputs and every gradient, odd sizes, masks, dropout, dtypes."""

import itertools
from functools import partial

import pytest
import torch

from microgt_kernels import keep_mask, relation_attention
from microgt_kernels.attention import BACKENDS, attention_by_table
from microgt_kernels.reference import attention_reference

RELATIONS = 11
attention_torch = partial(attention_by_table, backend="torch")
PARTS = ("rel_k", "rel_v", "rel_bias")


def problem(n, dtype, *, parts=PARTS, b=3, h=2, d=8, seed=0):
    """Leaves q, k, v and the tables, the relations, and a key mask whose last item sees nothing."""
    g = torch.Generator().manual_seed(seed)

    def leaf(*shape):
        return torch.randn(*shape, generator=g, dtype=torch.float64).to(dtype).requires_grad_()

    shapes = {"rel_k": (RELATIONS, d), "rel_v": (RELATIONS, d), "rel_bias": (h, RELATIONS)}
    leaves = {name: leaf(b, h, n, d) for name in "qkv"} | {name: leaf(*shapes[name]) for name in parts}
    rel = torch.randint(RELATIONS, (b, n, n), generator=g).to(torch.uint8)
    mask = torch.rand(b, n, generator=g) < 0.7
    mask[0], mask[-1] = True, False
    return leaves, rel, mask


def positional(leaves, rel, mask, keep=None):
    return *(leaves[x] for x in "qkv"), rel, *(leaves.get(name) for name in PARTS), mask, keep


def run(compute, leaves, *args, **kwargs):
    """Output and gradients of all leaves for a fixed gradient of the output."""
    out = compute(*args, **kwargs)
    weights = torch.randn(out.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(out.dtype)
    return [out, *torch.autograd.grad(out, list(leaves.values()), weights)]


ALL_PARTS = [c for size in range(4) for c in itertools.combinations(PARTS, size)]


@pytest.mark.parametrize("parts", ALL_PARTS, ids=lambda p: "+".join(p) or "plain")
@pytest.mark.parametrize("n", [1, 13, 63])
@pytest.mark.parametrize("masked", [False, True])
def test_outputs_and_gradients_match_the_reference(n, parts, masked):
    leaves, rel, mask = problem(n, torch.float64, parts=parts)
    keep = keep_mask((3, 2, n, n), 0.2, leaves["q"])
    args = positional(leaves, rel, mask if masked else None, keep)
    for want, got in zip(run(attention_reference, leaves, *args), run(attention_torch, leaves, *args), strict=True):
        torch.testing.assert_close(got, want, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("n", [13, 63, 100])
def test_the_error_is_at_most_twice_that_of_the_formula_in_the_same_dtype(n, dtype):
    leaves, rel, mask = problem(n, dtype)
    args = positional(leaves, rel, mask)
    exact = run(attention_reference, leaves, *args, upcast=torch.float64)
    same = run(attention_reference, leaves, *args)
    ours = run(attention_torch, leaves, *args)
    for want, formula, got in zip(exact, same, ours, strict=True):
        allowed = 2 * (formula - want).abs().max() + torch.finfo(dtype).eps * want.abs().max()
        assert (got - want).abs().max() <= allowed


@pytest.mark.parametrize("b", [1, 2])
def test_heads_that_are_views_of_one_projection(b):
    leaves, rel, mask = problem(7, torch.float64, b=b)
    wide = torch.cat([leaves[x].detach().transpose(1, 2) for x in "qkv"], -1).requires_grad_()
    q, k, v = (x.transpose(1, 2) for x in wide.chunk(3, -1))
    tables = [leaves[name] for name in PARTS]
    results = [run(f, {"wide": wide}, q, k, v, rel, *tables, mask, None) for f in (attention_reference, attention_torch)]
    for want, got in zip(*results, strict=True):
        torch.testing.assert_close(got, want)


def test_items_without_a_visible_key_get_zeros_and_no_gradient():
    leaves, rel, mask = problem(5, torch.float32)
    out, dq, dk, dv, *tables = run(attention_torch, leaves, *positional(leaves, rel, mask))
    assert all(torch.all(x[-1] == 0) for x in (out, dq, dk, dv))
    assert all(torch.isfinite(x).all() for x in (out, dq, dk, dv, *tables))


def test_masked_keys_do_not_matter_whatever_they_hold():
    leaves, rel, mask = problem(7, torch.float32)
    leaves = {k: v.detach() for k, v in leaves.items()}
    out = attention_torch(*positional(leaves, rel, mask))
    changed = leaves | {"k": leaves["k"].clone(), "v": leaves["v"].clone()}
    for name in "kv":
        changed[name].transpose(1, 2)[~mask] = 1e6
    torch.testing.assert_close(attention_torch(*positional(changed, rel, mask)), out)


def test_dropout_follows_the_random_state_and_keeps_the_mean():
    leaves, rel, _ = problem(63, torch.float32)
    args = [leaves[x] for x in "qkv"]

    def once(seed, backend="auto"):
        torch.manual_seed(seed)
        return relation_attention(*args, rel, rel_k=leaves["rel_k"], dropout=0.3, backend=backend)

    assert torch.equal(once(1), once(1))
    assert not torch.equal(once(1), once(2))
    torch.testing.assert_close(once(3, "reference"), once(3, "torch"), rtol=1e-4, atol=1e-5)
    keep = keep_mask((100, 100, 10), 0.3, leaves["q"])
    assert keep.mean().item() == pytest.approx(1, abs=0.02)
    assert keep.unique().tolist() == pytest.approx([0.0, 1 / 0.7])


def test_autocast_computes_in_the_dtype_of_the_queries():
    leaves, rel, mask = problem(13, torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        q, k, v = (leaves[x].bfloat16() for x in "qkv")
        out = relation_attention(q, k, v, rel, **{name: leaves[name] for name in PARTS}, key_mask=mask)
    assert out.dtype is torch.bfloat16
    out.float().sum().backward()
    assert leaves["rel_k"].grad.dtype is torch.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"backend": "cuda"}, "unknown backend 'cuda'; choices: " + ", ".join(BACKENDS)),
        ({"rel": torch.zeros(3, 4, 5, dtype=torch.uint8)}, r"rel must have shape \[B,N,N\] = \(3, 5, 5\)"),
        ({"rel": torch.zeros(3, 5, 5)}, "rel must be uint8, it is torch.float32"),
        ({"rel_k": torch.zeros(11, 9)}, r"rel_k must have shape \[R,D\] with D = 8"),
        ({"rel_bias": torch.zeros(2, 12), "rel_k": torch.zeros(11, 8)}, r"one number of relations R; they have \[11, 12\]"),
        ({"key_mask": torch.ones(3, 4, dtype=torch.bool)}, r"key_mask must be bool \[B,N\]"),
        ({"dropout": 1.0}, r"dropout must be in \[0, 1\)"),
    ],
)
def test_wrong_arguments_are_named(change, message):
    leaves, rel, _ = problem(5, torch.float32, parts=())
    arguments = {**leaves, "rel": rel, **change}
    with pytest.raises(ValueError, match=message):
        relation_attention(**arguments)
