"""The torch path against the formula: outputs and every gradient, whatever the sizes, masks, dropout and dtypes."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microgt_kernels import attention
from tests.kernels.problems import ALL_PARTS, Problem

DEVICES = ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")])]
DTYPES = [torch.float32, torch.float16, torch.bfloat16]


@pytest.fixture(autouse=True, params=["weights kept", "weights computed again"])
def most_stored(request, monkeypatch):
    if request.param == "weights computed again":
        monkeypatch.setattr(attention, "MOST_STORED", 0)


on_each_device = pytest.mark.parametrize("device", DEVICES)


@pytest.mark.parametrize("parts", ALL_PARTS, ids=lambda p: "+".join(p) or "plain")
@pytest.mark.parametrize("n", [1, 13, 63])
@pytest.mark.parametrize("masked", [False, True])
def test_in_float64_it_is_the_formula(n, parts, masked):
    problem = Problem.drawn(n, torch.float64, parts=parts, h=4, g=2, masked=masked, dropout=0.2)
    for want, got in zip(problem.formula(None), problem.run("torch"), strict=True):
        torch.testing.assert_close(got, want, rtol=1e-9, atol=1e-10)


@on_each_device
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("n", [1, 13, 63, 100])
def test_numbers_of_nodes(n, dtype, device):
    Problem.drawn(n, dtype, device=device).assert_close_to_the_formula("torch")


@on_each_device
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("d", [16, 24, 64, 128])
def test_widths_of_heads(d, dtype, device):
    Problem.drawn(9, dtype, d=d, b=1, masked=False, device=device).assert_close_to_the_formula("torch")


@on_each_device
@pytest.mark.parametrize("relations", [1, 2, 64])
def test_numbers_of_relations(relations, device):
    Problem.drawn(17, torch.float32, relations=relations, device=device).assert_close_to_the_formula("torch")


@on_each_device
@pytest.mark.parametrize(("h", "g"), [(1, 1), (3, 3), (6, 2), (20, 1)])
def test_grouped_queries(h, g, device):
    Problem.drawn(7, torch.float32, h=h, g=g, device=device).assert_close_to_the_formula("torch")


@on_each_device
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_dropout_is_the_same_in_both_directions(dtype, device):
    Problem.drawn(20, dtype, dropout=0.3, device=device).assert_close_to_the_formula("torch")


@on_each_device
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_of_one_node_the_gradients_of_queries_and_keys_cancel(dtype, device):
    Problem.drawn(1, dtype, parts=(), b=1, h=1, masked=False, dropout=0.2, device=device).assert_close_to_the_formula("torch")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_problem_the_error_is_within_the_tolerance(data):
    groups = data.draw(st.integers(1, 3))
    Problem.drawn(
        data.draw(st.integers(1, 40)),
        data.draw(st.sampled_from(DTYPES)),
        parts=data.draw(st.sampled_from(ALL_PARTS)),
        b=data.draw(st.integers(1, 3)),
        h=groups * data.draw(st.integers(1, 3)),
        g=groups,
        d=data.draw(st.sampled_from([16, 20, 32])),
        relations=data.draw(st.integers(1, 64)),
        masked=data.draw(st.booleans()),
        dropout=data.draw(st.sampled_from([0.0, 0.2])),
        seed=data.draw(st.integers(0, 1000)),
    ).assert_close_to_the_formula("torch")


@on_each_device
def test_items_without_a_visible_key_get_zeros_and_no_gradient(device):
    out, dq, dk, dv, *tables = Problem.drawn(5, torch.float32, device=device).run("torch")
    assert all(torch.all(x[-1] == 0) for x in (out, dq, dk, dv))
    assert all(torch.isfinite(x).all() for x in (out, dq, dk, dv, *tables))


def test_nothing_is_read_that_was_not_written(monkeypatch):
    """Outputs and scratch memory are full of NaN before anything is computed."""
    problem = Problem.drawn(19, torch.float32, dropout=0.2)
    clean = problem.run("torch")
    for owner, name in ((torch, "empty"), (torch, "empty_like"), (torch.Tensor, "new_empty")):
        monkeypatch.setattr(owner, name, _poisoned(getattr(owner, name)))
    for want, got in zip(clean, problem.run("torch"), strict=True):
        assert torch.equal(want, got)


def _poisoned(make):
    def made(*args, **kwargs):
        x = make(*args, **kwargs)
        return x.fill_(float("nan")) if x.is_floating_point() else x

    return made


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_two_runs_give_the_same_bits(dtype):
    problem = Problem.drawn(33, dtype, dropout=0.1)
    for first, second in zip(problem.run("torch"), problem.run("torch"), strict=True):
        assert torch.equal(first, second)


@pytest.mark.parametrize("b", [1, 2])
def test_heads_that_are_views_of_one_projection(b):
    problem = Problem.drawn(7, torch.float64, b=b, h=4, g=4)
    want = problem.run("torch")
    wide = torch.cat([problem.leaves[x].detach().transpose(1, 2) for x in "qkv"], -1).requires_grad_()
    problem.leaves |= dict(zip("qkv", (x.transpose(1, 2) for x in wide.chunk(3, -1)), strict=True))
    assert not problem.leaves["q"].is_contiguous()
    for a, b_ in zip(want, problem.run("torch"), strict=True):
        torch.testing.assert_close(b_, a)


def test_relations_and_a_gradient_that_are_not_contiguous(monkeypatch):
    problem = Problem.drawn(7, torch.float64, masked=False)
    want = problem.run("torch")
    problem.rel = problem.rel.mT.contiguous().mT
    drawn = torch.randn

    def spread(shape, **kwargs):
        return drawn(shape, **kwargs).transpose(1, 2).contiguous().transpose(1, 2)

    monkeypatch.setattr(torch, "randn", spread)
    for a, b in zip(want, problem.run("torch"), strict=True):
        torch.testing.assert_close(b, a)


def saved(problem):
    """Elements of the largest tensor that waits for the backward pass."""
    sizes = []

    def pack(x):
        sizes.append(x.numel())
        return x

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        problem.run("torch")
    return max(sizes)


def test_weights_are_kept_up_to_a_bound(monkeypatch):
    """Of N*N numbers only the relations of pairs wait otherwise, the same for all heads."""
    problem, b, h, n = Problem.drawn(40, torch.float32, b=2, h=6, d=16), 2, 6, 40
    monkeypatch.setattr(attention, "MOST_STORED", b * h * n * n)
    assert saved(problem) == b * h * n * n
    monkeypatch.setattr(attention, "MOST_STORED", b * h * n * n - 1)
    assert saved(problem) == max(b * n * n, b * h * n * 16)
