"""Checkpoints: what is written is read back; what is missing, damaged or of another version is told."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from microgt.config import compose
from microgt.errors import CheckpointError
from microgt.evaluation.calibration import Calibrator, Thresholds
from microgt.model.checkpoint import describe_making, read_checkpoint, write_checkpoint
from microgt.model.collate import collate
from microgt.model.lexicon import Lexicon
from microgt.model.loading import load_proposer
from microgt.model.making import hashes_of
from microgt.model.ranked import forget_ranking, store_ranking
from microgt.ranking import NAMES, Ranker, Ranking
from microgt.schema.types import Schema, Table
from microgt.spec.grammar import GRAMMAR
from microgt.spec.json import read_spec

UNSURE = Calibrator((), (), (), (), bias=0.0, thresholds=Thresholds(0.5, 0.5, 0.5))


@pytest.fixture
def folder(nano, nano_config, lexicon, tmp_path):
    making = describe_making(nano_config, training={"steps": 3})
    return write_checkpoint(tmp_path / "runs" / "mine" / "checkpoint", nano.state_dict(), lexicon, making)


def change(folder, **changes) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def test_a_round_trip_keeps_the_answers(folder, nano, lexicon, make_graph, random_actions):
    loaded = read_checkpoint(folder.parent)  # the run's folder will do
    graph = make_graph()
    batch = collate([graph], [random_actions(graph)], loaded.lexicon)
    with torch.no_grad():
        assert torch.equal(loaded.model(batch).logits, nano(batch).logits)
    assert loaded.lexicon.to_json() == lexicon.to_json()
    assert loaded.config["training"] == {"steps": 3}
    assert not loaded.model.training


def test_writing_again_replaces_it_and_leaves_no_rests(folder, nano, lexicon):
    making = json.loads((folder / "config.json").read_text())
    write_checkpoint(folder, nano.state_dict(), lexicon, {**making, "training": {"steps": 4}})
    assert read_checkpoint(folder).config["training"] == {"steps": 4}
    assert [p.name for p in folder.parent.iterdir()] == ["checkpoint"]


def test_rules_in_another_order_find_their_rows(folder, nano):
    change(folder, rules=list(GRAMMAR.rules)[::-1])
    name = next(k for k in nano.state_dict() if "rule_table" in k)
    loaded, written = read_checkpoint(folder).model.state_dict()[name], nano.state_dict()[name]
    count = len(GRAMMAR.rules)
    assert torch.equal(loaded[:count], written[:count].flip(0))


def test_a_ranking_is_stored_read_and_replaced(folder):
    assert read_checkpoint(folder).ranking is None
    for weight in (1.0, 2.0):
        store_ranking(folder.parent, Ranking(Ranker(np.full(len(NAMES), weight)), UNSURE))
        ranking = read_checkpoint(folder).ranking
        assert ranking
        assert ranking.ranker.weights.tolist() == [weight] * len(NAMES)
    assert set(json.loads((folder / "config.json").read_text())["files"]) == {"model.safetensors", "ranker.json", "tokenizer.json"}


def test_the_threshold_is_that_of_the_kind_of_answer(folder):
    """Without a ranking every answer is given."""
    chart = read_spec({"query": {"outputs": ["t.a", "t.b"]}, "view": {"kind": "chart", "mark": "bar", "x": {"kind": "ref", "output": 0}}})
    plain, coded = (Schema("shop", (Table(word, (word,), ()),)) for word in ("customers", "cstmr"))
    assert [load_proposer(folder).threshold(schema) for schema in (plain, coded)] == [0.0, 0.0]
    calibrator = Calibrator((), (), (), (), bias=0.0, thresholds=Thresholds(words=0.4, coded=0.7, charts=0.6))
    store_ranking(folder, Ranking(Ranker(np.zeros(len(NAMES))), calibrator))
    assert [load_proposer(folder).threshold(schema) for schema in (plain, coded)] == [0.4, 0.7]
    assert [load_proposer(folder).threshold(schema, chart) for schema in (plain, coded)] == [0.6, 0.7]


def test_a_ranking_that_was_not_finished_does_not_count(folder):
    (folder / "ranker.json").write_text("{")
    assert read_checkpoint(folder).ranking is None


def test_a_ranking_that_is_damaged_or_of_other_features(folder):
    file = store_ranking(folder, Ranking(Ranker(np.zeros(len(NAMES))), UNSURE))
    file.write_text(file.read_text().replace("0.0", "1.0"))
    with pytest.raises(CheckpointError, match=r"is damaged: ranker\.json has SHA-256"):
        read_checkpoint(folder)
    file.write_text(file.read_text().replace("log_prob", "other"))
    change(folder, files=hashes_of(folder, ["ranker.json"]))
    with pytest.raises(
        CheckpointError, match=r"ranker\.json cannot be used, learn it anew: the ranker was made for other features.*: log_prob, other"
    ):
        read_checkpoint(folder)
    forget_ranking(folder)
    assert read_checkpoint(folder).ranking is None


def test_a_missing_folder_and_missing_files(folder, tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint at .*: expected a directory with"):
        read_checkpoint(tmp_path / "gone")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match=r"is not a checkpoint: tokenizer\.json missing"):
        read_checkpoint(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [("model.safetensors", "is damaged"), ("config.json", "is damaged"), ("tokenizer.json", "is damaged: the vocabulary cannot be read")],
)
def test_half_a_file_is_damaged(folder, name, message):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(folder)


def test_weights_that_were_exchanged(folder, nano):
    """Of the right shapes, so that nothing but the hash tells."""
    save_file({key: value.clone() + 1 for key, value in nano.state_dict().items()}, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"is damaged: model\.safetensors has SHA-256 \w+\.\.\., its config\.json says"):
        read_checkpoint(folder)


def test_a_checkpoint_without_hashes_is_read(folder):
    change(folder, files={})
    assert read_checkpoint(folder).config["files"] == {}
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({key: value for key, value in config.items() if key != "files"}))
    read_checkpoint(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "has checkpoint format 99; this version reads format"),
        ({"relation_version": 0}, "was trained with relations version 0"),
        ({"preparation": "old"}, r"prepared in another way \(old, now "),
    ],
)
def test_other_versions_are_refused(folder, changes, message):
    change(folder, **changes)
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(folder)


def test_weights_of_another_size_are_refused(folder):
    change(folder, model=compose("describe", ["model=nano", "size.dim=64"])["model"])
    with pytest.raises(CheckpointError, match=r"the weights do not fit its config\.json"):
        read_checkpoint(folder)


def test_a_damaged_lightning_checkpoint(tmp_path):
    path = tmp_path / "last.ckpt"
    path.write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(CheckpointError, match="is not a readable Lightning checkpoint of microgt"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "its config.json is no object"),
        ("{}", "has checkpoint format None"),
    ],
)
def test_a_configuration_of_another_shape(folder, text, message):
    (folder / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(folder)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({}, "describes no model of this version"),
        ({"_target_": "microgt.model.weights.save_file", "tensors": {}, "filename": "written"}, "is outside"),
        ({"_target_": "microgt.model.checkpoint.write_checkpoint"}, "is no Module"),
    ],
)
def test_a_configuration_calls_nothing_but_modules(folder, model, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    change(folder, model=model)
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(folder)
    assert not (tmp_path / "written").exists()


def test_a_vocabulary_of_another_run(folder):
    Lexicon.from_tokens([("other", "words", "than", "those")] * 2).save(folder / "tokenizer.json")
    with pytest.raises(CheckpointError, match="they are of different runs"):
        read_checkpoint(folder)


def test_others_may_read_it(folder):
    assert folder.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
