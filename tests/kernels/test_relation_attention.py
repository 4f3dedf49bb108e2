"""What holds of attention with relations whoever computes it: its choice, its errors, dropout, masks."""

import logging

import pytest
import torch

from microgt_kernels import backends, keep_mask, relation_attention
from microgt_kernels.backends import BACKENDS
from tests.kernels.problems import Problem


def test_dropout_follows_the_random_state_and_keeps_the_mean():
    problem = Problem.drawn(63, torch.float32, dropout=0.3, masked=False)

    def once(seed, backend="auto"):
        torch.manual_seed(seed)
        return relation_attention(**problem.leaves, rel=problem.rel, dropout=problem.dropout, backend=backend)

    assert torch.equal(once(1), once(1))
    assert not torch.equal(once(1), once(2))
    torch.testing.assert_close(once(3, "reference"), once(3, "torch"), rtol=1e-4, atol=1e-5)
    keep = keep_mask((100, 100, 10), 0.3, problem.leaves["q"])
    assert keep.mean().item() == pytest.approx(1, abs=0.02)
    assert keep.unique().tolist() == pytest.approx([0.0, 1 / 0.7])


@pytest.mark.parametrize("backend", ["reference", "torch"])
def test_masked_keys_do_not_matter_whatever_they_hold(backend):
    problem = Problem.drawn(7, torch.float32)
    out = problem.run(backend)[0]
    problem.leaves |= {x: problem.leaves[x].detach().clone().requires_grad_() for x in "kv"}
    with torch.no_grad():
        for x in "kv":
            problem.leaves[x].transpose(1, 2)[~problem.key_mask] = 1e6
    torch.testing.assert_close(problem.run(backend)[0], out)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"backend": "cuda"}, "unknown backend 'cuda'; choices: " + ", ".join(BACKENDS)),
        ({"rel": torch.zeros(3, 4, 5, dtype=torch.uint8)}, r"rel must have shape \[B,N,N\] = \(3, 5, 5\)"),
        ({"rel": torch.zeros(3, 5, 5)}, "rel must be uint8, it is torch.float32"),
        ({"rel_k": torch.zeros(11, 9)}, r"rel_k must have shape \[R,D\] with D = 8"),
        ({"rel_bias": torch.zeros(2, 12), "rel_k": torch.zeros(11, 8)}, r"one number of relations R; they have \[11, 12\]"),
        ({"rel_bias": torch.zeros(2, 256)}, "there are 256 relations; at most 255 are possible"),
        ({"key_mask": torch.ones(3, 4, dtype=torch.bool)}, r"key_mask must be bool \[B,N\]"),
        ({"k": torch.zeros(3, 2, 5, 9), "v": torch.zeros(3, 2, 5, 9)}, r"q must have the shape \[B,H,N,D\], k and v \[B,G,N,D\]"),
        ({"k": torch.zeros(3, 3, 5, 8), "v": torch.zeros(3, 3, 5, 8)}, "the heads of q must be a multiple of those of k and v; 2 is not"),
        ({"dropout": 1.0}, r"dropout must be in \[0, 1\)"),
    ],
)
def test_wrong_arguments_are_named(change, message):
    problem = Problem.drawn(5, torch.float32, parts=(), b=3, h=2, d=8)
    with pytest.raises(ValueError, match=message):
        relation_attention(**problem.leaves | {"rel": problem.rel} | change)


def test_triton_says_why_it_cannot_run(monkeypatch):
    problem = Problem.drawn(5, torch.float32)
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match=r"cannot run here: the package triton is not installed \(pip install 'microgt\[triton\]'\)"):
        problem.run("triton")


def test_triton_on_a_cpu_says_why_it_cannot_run():
    pytest.importorskip("triton")
    with pytest.raises(RuntimeError, match="cannot run here: the tensors are on the CPU, and Triton compiles for GPUs"):
        Problem.drawn(5, torch.float32).run("triton")


def test_auto_says_once_what_it_chose(caplog):
    backends._chosen.cache_clear()
    with caplog.at_level(logging.INFO, logger="microgt_kernels"):
        for _ in range(2):
            Problem.drawn(5, torch.float32).run("auto")
    assert [record.getMessage() for record in caplog.records] == ["kernels on cpu: backend 'torch' (Triton compiles for GPUs)"]
