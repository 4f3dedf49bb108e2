"""The plan is the arithmetic it says it is."""

import pytest

from microgt.build import build
from microgt.cli.main import main
from microgt.config import compose
from microgt.errors import ConfigError
from microgt.model.description import describe
from microgt.training.plan import Gpu, plan
from microgt.training.wrap import Recompute

GPU = Gpu(name="slow", peak=1e12, memory=1e9)
NANO = compose("describe", ["model=nano"])["model"]
GIVEN = {"gpu": GPU, "gpus": 4, "batch": 10, "nodes": 40, "actions": 10, "utilisation": 0.5}


def test_the_figures_by_hand():
    known = describe(NANO, nodes=40, actions=10)
    found = plan(NANO, **GIVEN, examples=1000)
    ddp, fsdp = found.layouts
    n = known.total
    assert ddp.memory == {
        "weights": 4 * n,
        "gradients": 4 * n,
        "AdamW": 8 * n,
        "average": 4 * n,
        "buckets or gathered": 4 * n,
        "activations": 10 * known.activations,
    }
    assert (fsdp.memory["weights"], fsdp.memory["gradients"], fsdp.memory["AdamW"], fsdp.memory["average"]) == (n, n, 2 * n, 0)
    assert 0 < fsdp.memory["buckets or gathered"] <= 2 * n
    assert ddp.most == (10**9 - 24 * n) // known.activations
    assert found.flops == 3 * 1000 * sum(known.flops.values())
    assert found.hours == pytest.approx(found.flops / (4 * 0.5 * 1e12) / 3600)
    assert (found.tokens, found.steps) == (50_000, 25)


def test_what_is_read():
    assert plan(NANO, **GIVEN, tokens=5001).examples == 101
    default = plan(NANO, **GIVEN)
    assert default.tokens == pytest.approx(20 * default.parameters, rel=1e-4)
    with pytest.raises(ConfigError, match="examples=1 and tokens=2 are both given"):
        plan(NANO, **GIVEN, examples=1, tokens=2)


def test_recomputing_takes_less_memory_and_more_operations():
    plain, wrapped = plan(NANO, **GIVEN, examples=1000), plan(NANO, **GIVEN, examples=1000, wrap=Recompute())
    assert wrapped.layouts[0].memory["activations"] < plain.layouts[0].memory["activations"]
    assert plain.flops < wrapped.flops < 4 / 3 * plain.flops


def test_one_gpu_has_no_buckets_and_a_small_one_no_room():
    alone = plan(NANO, **{**GIVEN, "gpus": 1}).layouts[0]
    assert alone.memory["buckets or gathered"] == 0
    assert plan(NANO, **{**GIVEN, "gpu": Gpu("tiny", 1e12, 1e6)}).layouts[0].most == 0


@pytest.mark.parametrize("name", ["h100", "a100", "l4"])
def test_gpus(name):
    gpu = build(compose("plan", [f"gpu={name}"])["gpu"])
    assert 1e14 < gpu.peak < 1e15
    assert 2e10 < gpu.memory < 1e11


def test_the_command(capsys):
    assert main(["plan", "model=nano", "gpus=2", "examples=1000", "machine/wrap=recompute"]) == 0
    said = capsys.readouterr().out
    assert "GB on each of 2 H100 SXM" in said
    assert "1,000 examples of 64 nodes and 12 actions: 76,000 tokens, 16 steps" in said
    assert "at 35% of 989 TFLOP/s each" in said
    assert "fits" in said
    assert main(["plan", "gpuz=2"]) == 2
    assert "did you mean 'gpu' or 'gpus'" in capsys.readouterr().err
    assert main(["plan", "utilisation=2"]) == 2
