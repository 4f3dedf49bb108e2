"""RMSNorm, the gate of a feed-forward part, likelihoods of actions: Triton against the formula, outputs and every gradient."""

import pytest
import torch

from microgt_kernels import action_likelihood, rms_norm, swiglu
from microgt_kernels.gating import swiglu_reference
from microgt_kernels.likelihood import action_likelihood_reference
from microgt_kernels.norm import rms_norm_reference
from tests.kernels.triton.devices import DEVICES, poisoned

pytestmark = pytest.mark.parametrize("device", DEVICES)
DTYPES = [torch.float32, torch.float16, torch.bfloat16]


def drawn(*shape, dtype=torch.float32, device="cpu", seed=0):
    source = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=source, dtype=torch.float64).to(device, dtype).requires_grad_()


def with_gradients(outputs, *leaves):
    """Outputs and gradients, for a fixed gradient of each output."""
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    weights = [drawn(*x.shape, dtype=torch.float64, seed=i + 9).detach().to(x) for i, x in enumerate(outputs)]
    return [*(x.detach() for x in outputs), *torch.autograd.grad(outputs, leaves, weights)]


def assert_triangle(exact, same, ours):
    """The error of each is at most twice that of the formula in the same dtype, and two roundings of the largest number."""
    for want, formula, got in zip(exact, same, ours, strict=True):
        assert got.dtype is formula.dtype
        allowed = 2 * (formula - want).abs().max() + 2 * torch.finfo(got.dtype).eps * want.abs().max()
        assert (got - want).abs().max() <= allowed


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(1, 1), (2, 5, 192), (700, 13)])
def test_rms_norm(device, shape, dtype):
    x, gain = drawn(*shape, dtype=dtype, device=device), drawn(shape[-1], device=device, seed=1)

    def formula(upcast):
        return with_gradients(rms_norm_reference(x, gain, 1e-6, upcast=upcast), x, gain)

    ours = with_gradients(rms_norm(x, gain, 1e-6, backend="triton"), x, gain)
    assert_triangle(formula(torch.float64), formula(torch.float32), ours)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(1, 2), (3, 5, 768), (33, 26)])
def test_swiglu(device, shape, dtype):
    x = drawn(*shape, dtype=dtype, device=device)

    def formula(upcast):
        return with_gradients(swiglu_reference(x, upcast=upcast), x)

    assert_triangle(formula(torch.float64), formula(None), with_gradients(swiglu(x, backend="triton"), x))


@pytest.mark.parametrize("actions", [1, 7, 368, 1500])
def test_action_likelihood(device, actions):
    logits, target = action_problem(actions, device)

    def formula(upcast):
        return with_gradients(action_likelihood_reference(logits, target, upcast=upcast), logits)

    exact, same = formula(torch.float64), formula(torch.float32)
    assert_triangle(exact, same, with_gradients(action_likelihood(logits, target, backend="triton"), logits))
    assert torch.all(exact[-1][logits == -torch.inf] == 0)


def action_problem(actions, device):
    """Two thirds of the actions are illegal, the target never is."""
    source = torch.Generator().manual_seed(2)
    target = torch.randint(actions, (2, 3), generator=source)
    illegal = (torch.rand(2, 3, actions, generator=source) < 0.67).scatter(-1, target[..., None], False)
    logits = drawn(2, 3, actions).detach().masked_fill(illegal, -torch.inf)
    return logits.to(device).requires_grad_(), target.to(device)


def test_rows_without_a_legal_action_do_no_harm(device):
    logits, target = action_problem(7, device)
    with torch.no_grad():
        logits[0, 0] = -torch.inf
    gold, even = action_likelihood(logits, target, backend="triton")
    assert gold[0, 0] == -torch.inf
    assert even[0, 0] == 0
    (gradient,) = torch.autograd.grad(gold.view(-1)[1:].sum() + even.sum(), logits)
    assert torch.all(gradient[0, 0] == 0)
    assert torch.isfinite(gradient).all()


def test_the_same_bits_twice_and_nothing_read_that_was_not_written(device, monkeypatch):
    x, gain = drawn(700, 24, dtype=torch.bfloat16, device=device), drawn(24, device=device, seed=1)
    logits, target = action_problem(20, device)

    def run():
        return [
            *with_gradients(rms_norm(x, gain, backend="triton"), x, gain),
            *with_gradients(swiglu(x, backend="triton"), x),
            *with_gradients(action_likelihood(logits, target, backend="triton"), logits),
        ]

    clean = run()
    poisoned(monkeypatch)
    for want, got in zip(clean, run(), strict=True):
        assert torch.equal(want, got)


def test_inputs_that_are_not_contiguous(device):
    x, gain = drawn(6, 4, 26, device=device), drawn(26, device=device, seed=1)
    across = x.transpose(0, 1)
    for ours, plain in (
        (rms_norm(across, gain, backend="triton"), rms_norm(across, gain, backend="reference")),
        (swiglu(across, backend="triton"), swiglu(across, backend="torch")),
    ):
        for got, want in zip(with_gradients(ours, x), with_gradients(plain, x), strict=True):
            torch.testing.assert_close(got, want)


@pytest.mark.slow
def test_the_operators_are_sound(device):
    x, gain = drawn(5, 26, device=device), drawn(26, device=device, seed=1)
    logits, target = action_problem(7, device)
    torch.library.opcheck(torch.ops.microgt.rms_norm.default, (x, gain, 1e-6))
    torch.library.opcheck(torch.ops.microgt.swiglu.default, (x,))
    torch.library.opcheck(torch.ops.microgt.action_likelihood.default, (logits.detach().view(-1, 7).requires_grad_(), target.view(-1)))
