"""What is silenced is silent, and afterwards the model is what it was."""

import json

import pytest
import torch

from microgt.build import build
from microgt.cli.main import main
from microgt.config import compose
from microgt.errors import ConfigError
from microgt.experiments import run as experiment
from microgt.experiments.silence import measure as measuring
from microgt.experiments.silence.measure import Measurement, Silenced
from microgt.experiments.silence.parts import heads, layers, relations
from microgt.graph import Relation


@pytest.fixture
def model():
    torch.manual_seed(0)
    return build(compose("describe", ["model=nano", "model/encoder/attention/values=vectors"])["model"]).eval()


def encoded(model, rel=None):
    x = torch.randn(1, 5, 96, generator=torch.Generator().manual_seed(1))
    rel = torch.full((1, 5, 5), int(Relation.QC_EXACT), dtype=torch.uint8) if rel is None else rel
    with torch.inference_mode():
        return model.encoder(x, rel, torch.ones(1, 5, dtype=torch.bool))


@pytest.mark.parametrize("kind", [heads, layers, relations])
def test_nothing_stays_silent(model, kind):
    before = {name: p.clone() for name, p in model.state_dict().items()}
    whole = encoded(model)
    for part in kind(model):
        with pytest.raises(ZeroDivisionError), part.silenced():
            raise ZeroDivisionError
    assert all(torch.equal(before[name], p) for name, p in model.state_dict().items())
    assert torch.equal(encoded(model), whole)


def test_a_silent_head_adds_nothing(model):
    """Against the head's output zeroed by hand, in front of the output matrix."""
    found = {part.name: part for part in heads(model)}
    assert len(found) == 4 * 2 + 2 * 4  # two layers of the encoder, one of the decoder with two attentions
    with found["encoder 1 attention, head 2"].silenced():
        silenced = encoded(model)
    out = model.encoder.layers[1].attention.out

    def without(module, inputs):
        return (inputs[0].index_fill(-1, torch.arange(48, 72), 0.0),)

    hook = out.register_forward_pre_hook(without)
    assert torch.allclose(encoded(model), silenced, atol=1e-6)
    hook.remove()
    assert not torch.allclose(encoded(model), silenced, atol=1e-3)


def test_a_silent_layer_is_the_identity(model):
    found = {part.name: part for part in layers(model)}
    assert {"encoder 0, all", "encoder 1, attention", "decoder 0, cross", "decoder 0, feed forward"} <= found.keys()
    with found["encoder 0, all"].silenced():
        silenced = encoded(model)
    model.encoder.layers = model.encoder.layers[1:]
    assert torch.allclose(encoded(model), silenced)


def test_a_silent_relation_is_one_with_zeros_in_its_tables(model):
    for layer in model.encoder.layers:
        torch.nn.init.normal_(layer.attention.bias.table)
    found = {part.name: part for part in relations(model)}
    assert len(found) == 3 * len(Relation)
    whole = encoded(model)
    with found["QC_EXACT, all layers"].silenced():
        silenced = encoded(model)
    with found["CQ_EXACT, all layers"].silenced():
        assert torch.equal(encoded(model), whole)
    with torch.no_grad():
        for layer in model.encoder.layers:
            for table in (layer.attention.keys.table, layer.attention.values.table, layer.attention.bias.table.T):
                table[int(Relation.PREVIOUS)] = 0.0
    other = encoded(model, torch.full((1, 5, 5), int(Relation.PREVIOUS), dtype=torch.uint8))
    assert torch.allclose(other, silenced, atol=1e-6)
    assert not torch.allclose(whole, silenced, atol=1e-3)


def test_a_model_without_relations_has_none_to_silence():
    plain = build(compose("describe", ["model=nano", "model/encoder/attention=plain"])["model"])
    with pytest.raises(ConfigError, match="what=relation: this model reads no relations"):
        relations(plain)


def test_a_drop_is_paired_by_question():
    whole = {"a": {"1": True, "2": True}, "b": {"3": False, "4": True}}
    part = Silenced(row="x", column="y", lost=("1", "4"), won=("3",))
    found = Measurement(key="", what="head", checkpoint="", data="", split="", whole=whole, parts={"x, y": part})
    drop, interval = found.drop(part)
    assert (found.accuracy, drop) == (0.75, 0.25)
    assert interval == (0.0, 0.5)  # one database loses half of its questions, the other none on balance


def test_the_measurement_goes_on_and_is_drawn(shop, questions, tmp_path, monkeypatch, capsys):
    experiment.run(shop("m", "training.steps=2", "evaluate=null"))
    capsys.readouterr()
    out = tmp_path / "out"
    command = [
        "ablate",
        *questions[:2],
        f"checkpoint={tmp_path / 'runs' / 'm' / 'checkpoint'}",
        "split=validation",
        f"out={out}",
        "what=layer",
    ]
    answers, calls = measuring._Asked.answers, []

    def cut(self):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return answers(self)

    with monkeypatch.context() as patch:
        patch.setattr(measuring._Asked, "answers", cut)
        assert main(command) == 130
        assert len(json.loads((out / "layer.json").read_text())["parts"]) == 2
        assert main(command) == 0
    parts = Measurement.read(out / "layer.json").parts
    assert len(calls) == 1 + 3 + len(parts) - 2
    assert len(parts) == 2 * 3 + 4
    text = (out / "layer.md").read_text()
    assert "of 4 questions of folder validation right" in text
    assert "![What is lost without a layer](layer.svg)" in text
    assert (out / "layer.svg").read_text().startswith("<svg")
    assert "<svg" in (out / "layer.html").read_text()
    assert main([*command, "limit=2"]) == 2
    assert "holds a measurement of another checkpoint, part or set of questions" in capsys.readouterr().err
