"""RMSNorm, the gate of a feed-forward part and likelihoods of actions where Triton cannot run: values by hand, and the choice of backend."""

import math

import pytest
import torch

from microgt_kernels import action_likelihood, rms_norm, swiglu


def test_rms_norm_by_hand():
    x, gain = torch.tensor([[3.0, 4.0], [0.0, 0.0]]), torch.tensor([1.0, 2.0])
    rms = math.sqrt(12.5)
    torch.testing.assert_close(rms_norm(x, gain), torch.tensor([[3 / rms, 8 / rms], [0, 0]]))
    assert rms_norm(x.bfloat16(), gain).dtype is torch.bfloat16


def test_swiglu_by_hand():
    torch.testing.assert_close(swiglu(torch.tensor([[2.0, 3.0]])), torch.tensor([[6 / (1 + math.exp(-2))]]))
    with pytest.raises(ValueError, match="together they have 3 columns"):
        swiglu(torch.zeros(1, 3))


def test_action_likelihood_by_hand():
    logits = torch.tensor([[0.0, math.log(3), -torch.inf]])
    gold, even = action_likelihood(logits, torch.tensor([1]))
    torch.testing.assert_close(gold, torch.tensor([math.log(3 / 4)]))
    torch.testing.assert_close(even, torch.tensor([(math.log(3 / 4) + math.log(1 / 4)) / 2]))
    assert action_likelihood(logits, torch.tensor([2]))[0] == -torch.inf


@pytest.mark.parametrize(
    "function",
    [
        lambda backend: rms_norm(torch.ones(2, 4), torch.ones(4), backend=backend),
        lambda backend: swiglu(torch.ones(2, 4), backend=backend),
        lambda backend: action_likelihood(torch.ones(2, 4), torch.zeros(2, dtype=torch.int64), backend=backend)[1],
    ],
    ids=["rms_norm", "swiglu", "action_likelihood"],
)
def test_backends(function):
    assert torch.equal(function("auto"), function("reference"))
    assert torch.equal(function("torch"), function("reference"))
    with pytest.raises(ValueError, match="unknown backend 'cuda'; choices: auto, reference, torch, triton"):
        function("cuda")
    with pytest.raises(RuntimeError, match="backend 'triton' cannot run here: .*; 'auto' takes what can"):
        function("triton")
