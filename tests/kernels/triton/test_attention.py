"""Attention by Triton: the triangle of errors, and what must hold besides."""

import pytest
import torch

from tests.kernels.problems import ALL_PARTS, PARTS, Problem
from tests.kernels.triton.devices import DEVICES, poisoned

pytestmark = pytest.mark.parametrize("device", DEVICES)
DTYPES = [torch.float32, torch.float16, torch.bfloat16]
by_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=str)


def slow(*values):
    """A parameter whose test is slow by the interpreter."""
    return pytest.param(*values, marks=pytest.mark.slow)


@by_dtype
def test_outputs_and_gradients(device, dtype):
    Problem.drawn(17, dtype, device=device).assert_close_to_the_formula("triton")


@pytest.mark.parametrize("parts", [(), *((part,) for part in PARTS)], ids=lambda p: "+".join(p) or "plain")
def test_each_part_alone(device, parts):
    Problem.drawn(9, torch.float32, parts=parts, b=1, masked=False, device=device).assert_close_to_the_formula("triton")


@pytest.mark.slow
@by_dtype
@pytest.mark.parametrize("parts", ALL_PARTS, ids=lambda p: "+".join(p) or "plain")
def test_all_parts_together(device, parts, dtype):
    Problem.drawn(9, dtype, parts=parts, device=device).assert_close_to_the_formula("triton")


@pytest.mark.parametrize("n", [1, 16, 33, slow(63), slow(100)])
def test_numbers_of_nodes(device, n):
    Problem.drawn(n, torch.float32, b=1, h=1, device=device).assert_close_to_the_formula("triton")


@pytest.mark.parametrize("d", [24, 128, slow(16), slow(32), slow(64), slow(100)])
def test_widths_of_heads(device, d):
    Problem.drawn(9, torch.float32, d=d, b=1, h=1, masked=False, device=device).assert_close_to_the_formula("triton")


@pytest.mark.parametrize("relations", [2, 64, slow(200)])
def test_numbers_of_relations(device, relations):
    problem = Problem.drawn(18, torch.float32, relations=relations, h=1, device=device)
    problem.rel.view(-1)[:relations] = torch.arange(relations, dtype=torch.uint8)  # every one is there
    problem.assert_close_to_the_formula("triton")


def test_one_relation_changes_no_weight(device):
    problem = Problem.drawn(9, torch.float32, relations=1, b=1, h=1, masked=False, device=device)
    got = dict(zip(("output", *problem.leaves), problem.run("triton"), strict=True))
    want = dict(zip(("output", *problem.leaves), problem.formula(torch.float64), strict=True))
    for name, x in got.items():  # the gradients of rel_k and rel_bias are sums of terms of this size that cancel
        torch.testing.assert_close(x, want[name].to(x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("h", "g"), [(6, 2), slow(1, 1), slow(3, 3), slow(20, 1)])
def test_grouped_queries(device, h, g):
    Problem.drawn(5, torch.float32, b=1, h=h, g=g, masked=False, device=device).assert_close_to_the_formula("triton")


@pytest.mark.parametrize("dtype", [torch.float32, slow(torch.float16), slow(torch.bfloat16)], ids=str)
def test_dropout_is_the_same_in_both_directions_and_in_every_backend(device, dtype):
    Problem.drawn(18, dtype, b=1, dropout=0.3, device=device).assert_close_to_the_formula("triton")


def test_items_without_a_visible_key_get_zeros_and_no_gradient(device):
    out, dq, dk, dv, *tables = Problem.drawn(5, torch.float32, h=1, device=device).run("triton")
    assert all(torch.all(x[-1] == 0) for x in (out, dq, dk, dv))
    assert all(torch.isfinite(x).all() for x in (out, dq, dk, dv, *tables))


def test_nothing_is_read_that_was_not_written(device, monkeypatch):
    """Outputs and scratch memory are full of NaN before a kernel sees them."""
    problem = Problem.drawn(18, torch.float32, b=1, h=1, dropout=0.2, device=device)
    clean = problem.run("triton")
    poisoned(monkeypatch)
    for want, got in zip(clean, problem.run("triton"), strict=True):
        assert torch.equal(want, got)


@pytest.mark.parametrize("dtype", [slow(torch.float32), slow(torch.float16), torch.bfloat16], ids=str)
def test_two_runs_give_the_same_bits(device, dtype):
    problem = Problem.drawn(18, dtype, b=1, h=2, dropout=0.1, device=device)
    for first, second in zip(problem.run("triton"), problem.run("triton"), strict=True):
        assert torch.equal(first, second)


def test_heads_that_are_views_of_one_projection(device):
    problem = Problem.drawn(5, torch.float32, b=1, h=2, g=2, masked=False, device=device)
    wide = torch.cat([problem.leaves[x].detach().transpose(1, 2) for x in "qkv"], -1)
    views = dict(zip("qkv", (x.transpose(1, 2) for x in wide.chunk(3, -1)), strict=True))
    assert not views["q"].is_contiguous()
    want = problem.run("triton")
    problem.leaves = {name: x.detach().requires_grad_() for name, x in (problem.leaves | views).items()}
    for a, b in zip(want, problem.run("triton"), strict=True):
        torch.testing.assert_close(b, a)


def test_a_gradient_that_is_not_contiguous(device):
    problem = Problem.drawn(5, torch.float32, b=1, masked=False, device=device)
    want = problem.run("torch")

    def backwards(out):
        weights = torch.randn(out.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(out)
        spread = weights.transpose(1, 2).contiguous().transpose(1, 2)
        return [out.detach(), *torch.autograd.grad(out, list(problem.leaves.values()), spread)]

    problem.with_gradients = backwards
    for a, b in zip(want, problem.run("triton"), strict=True):
        torch.testing.assert_close(b, a, rtol=1e-4, atol=1e-5)
