"""Checkpoints that answer together: the mean of their probabilities at each step, and a folder that holds them."""

import json

import numpy as np
import pytest
import torch

from microgt.build import build
from microgt.errors import CheckpointError
from microgt.model.checkpoint import describe_making, write_checkpoint
from microgt.model.ensemble import MeanStepper, write_ensemble
from microgt.model.loading import load_proposer
from microgt.schema.types import Column, ColumnType, Schema, Table

COLUMNS = (Column("orders", "region", ColumnType.TEXT, ("region",)), Column("orders", "amount", ColumnType.NUMBER, ("amount",)))
SCHEMA = Schema("shop", (Table("orders", ("orders",), COLUMNS),))
QUESTION = "amount by region"


@pytest.fixture(scope="module")
def members(nano_config, lexicon, tmp_path_factory):
    """Two untrained checkpoints that differ."""
    folders = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        making = describe_making(
            nano_config, training={"databases": [f"db{seed}", "both"], "seed": seed, "parameters": 10 * seed, "data": "mix"}
        )
        folder = tmp_path_factory.mktemp("member") / "checkpoint"
        folders.append(write_checkpoint(folder, build(nano_config).state_dict(), lexicon, making))
    return folders


@pytest.fixture
def ensemble(members, tmp_path):
    return write_ensemble(tmp_path / "both", members)


def first_step(proposer):
    graph = proposer.graph(QUESTION, SCHEMA)
    stepper, writing = proposer.read([graph])
    return stepper.step(*writing.inputs([writing.start(0)]), stepper.start())[0]


def test_the_next_output_is_as_likely_as_the_members_say_on_average(ensemble, members):
    each = [np.exp(first_step(load_proposer(member))) for member in members]
    assert not np.allclose(each[0], each[1], atol=1e-3)
    got = np.exp(first_step(load_proposer(ensemble)))
    np.testing.assert_allclose(got, (each[0] + each[1]) / 2, rtol=1e-5)
    assert got.sum() == pytest.approx(1.0, abs=1e-5)


def test_what_one_member_alone_may_write_stays_possible():
    class Sure:
        def __init__(self, logp):
            self.logp = np.array([logp], dtype=np.float32)

        def start(self):
            return 0

        def step(self, steps, legal, state):
            return self.logp, state + 1

        def select(self, state, rows):
            return state

    stepper = MeanStepper([Sure([0.0, -np.inf, -np.inf]), Sure([-np.inf, 0.0, -np.inf])])
    logp, state = stepper.step(None, None, stepper.start())
    np.testing.assert_allclose(np.exp(logp), [[0.5, 0.5, 0.0]])
    assert state == [1, 1]


@pytest.mark.parametrize("beam", [1, 4])
def test_a_checkpoint_beside_its_copy_answers_as_it_does_alone(members, tmp_path, beam):
    alone = load_proposer(members[0], beam=beam)
    twice = load_proposer(write_ensemble(tmp_path / "twice", [members[0], members[0]]), beam=beam)
    if beam == 1:
        want, got = (p.predict_many([p.graph(QUESTION, SCHEMA)]) for p in (alone, twice))
    else:
        want, got = (p.predict(QUESTION, SCHEMA) for p in (alone, twice))
    assert [c.spec for c in got] == [c.spec for c in want]
    assert [c.log_prob for c in got] == pytest.approx([c.log_prob for c in want], abs=1e-4)


def test_it_has_seen_what_any_member_has_seen(ensemble):
    seen = {"databases": ["both", "db1", "db2"], "seed": "1+2", "parameters": 30, "data": "mix", "members": 2}
    assert load_proposer(ensemble).config["training"] == seen


def test_one_member_is_none(members, tmp_path):
    with pytest.raises(CheckpointError, match="two members or more"):
        write_ensemble(tmp_path / "one", members[:1])
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize(
    ("members_said", "message"), [([], "no list of folders"), ("0", "no list"), (["../0"], "outside"), (["7"], "no checkpoint at")]
)
def test_a_damaged_folder_is_told(ensemble, members_said, message):
    config = json.loads((ensemble / "config.json").read_text())
    (ensemble / "config.json").write_text(json.dumps({**config, "members": members_said}))
    with pytest.raises(CheckpointError, match=message):
        load_proposer(ensemble)
