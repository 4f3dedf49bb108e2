"""A run may go on from a checkpoint: its model, its words and more, its weights; what it starts from stays as it is."""

import json

import pytest
import torch

from microgt.config import compose
from microgt.errors import CheckpointError
from microgt.graph import Linker, build_graph
from microgt.model.checkpoint import read_checkpoint
from microgt.model.lexicon import Lexicon
from microgt.schema.readers import read_duckdb
from microgt.training.module import ParserModule
from microgt.training.schedule import Clock, warmup_constant
from microgt.training.start import load_grown

WORDS = [("order", "order", "region", "region", "amount", "amount")]


def module_of(lexicon: Lexicon, weights=None) -> ParserModule:
    model = compose("describe", ["model=nano", f"size.words={len(lexicon)}"])["model"]
    return ParserModule(
        model=model,
        loss=None,
        lexicon=lexicon,
        untrained=(),
        lr=1e-3,
        warmup=1,
        weight_decay=0.0,
        clock=Clock(steps=1),
        seed=1,
        weights=weights,
    )


def test_a_word_that_is_new_begins_as_the_unknown_word(losses, tmp_path):
    before = module_of(Lexicon.from_tokens(WORDS))
    grown = before.lexicon.extended([("customer", "customer", "order", "once")])
    after = module_of(grown, before.model.state_dict())
    assert (len(grown), grown.id("order")) == (len(before.lexicon) + 1, before.lexicon.id("order"))
    table = after.model.embedder.tokens.word_table.weight
    assert torch.equal(table[grown.id("customer")], table[0])
    schema = read_duckdb(tmp_path / "questions" / "shop.duckdb")
    graph = build_graph("amount of orders of a customer", schema, Linker(schema))
    memories = [m.model.eval().encode(m.model.collate([graph], None, m.lexicon)).nodes for m in (before, after)]
    assert torch.equal(*memories)


def test_weights_of_another_model_are_refused():
    with pytest.raises(CheckpointError, match="the weights to start from do not fit"):
        load_grown(torch.nn.Linear(2, 3), torch.nn.Linear(3, 3).state_dict())


def test_training_goes_on_from_a_checkpoint_and_leaves_it_as_it_is(losses, tmp_path):
    losses("first", "training.steps=2")
    first = tmp_path / "runs" / "first"
    told = (first / "checkpoint" / "config.json").read_bytes()
    questions = tmp_path / "questions" / "questions.jsonl"
    lines = [json.loads(line) for line in questions.read_text().splitlines()]
    questions.write_text("".join(json.dumps({**line, "question": line["question"] + " by heart"}) + "\n" for line in lines))
    losses("more", f"start={first}", "model=micro", "training.steps=1", "training.lr=1e-30", "training.weight_decay=0.0")
    base, more = read_checkpoint(first), read_checkpoint(tmp_path / "runs" / "more")
    assert len(more.lexicon) > len(base.lexicon)
    assert more.config["model"]["encoder"] == base.config["model"]["encoder"]
    assert more.config["untrained"] == base.config["untrained"]
    assert more.config["training"]["before"]["steps"] == read_checkpoint(first).config["training"]["steps"]
    for name, value in base.model.state_dict().items():
        torch.testing.assert_close(more.model.state_dict()[name][: len(value)] if value.ndim else more.model.state_dict()[name], value)
    assert (first / "checkpoint" / "config.json").read_bytes() == told
    written = json.loads((tmp_path / "runs" / "more" / "config.json").read_text())
    assert written["model"]["encoder"] == base.config["model"]["encoder"]


def test_nothing_to_start_from(losses, tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint at .*gone"):
        losses("new", f"start={tmp_path / 'gone'}", "training.steps=1")


def test_a_constant_rate_after_the_warm_up():
    assert [warmup_constant(step, 0.9, warmup=4) for step in (0, 1, 3, 50)] == [0.25, 0.5, 1.0, 1.0]
