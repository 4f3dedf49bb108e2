"""A copy of a checkpoint is trained further for a database; the better one is kept, the old one is never touched."""

import json
import shutil

import pytest

from microgt.cli.main import main
from microgt.config import compose
from microgt.data.demo.build import build_database
from microgt.evaluation.statistics import mcnemar
from microgt.model.checkpoint import read_checkpoint
from microgt.product import further
from microgt.product.measures import Choice, Compared, choose
from microgt.training.train import train
from tests.tiny import overrides_of_tiny_runs

FEW = ("machine=cpu", "training.steps=3", "training.batch_size=4", "data.source.sources.own.count=24", "data.source.sources.own.share=0.3")
QUESTION = {"id": "mine", "question": "How many branches are there?", "db": "banking.duckdb", "query": "SELECT COUNT(*) FROM branches"}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder with a checkpoint of two steps, and the overrides that replay the questions it was trained on."""
    folder = tmp_path_factory.mktemp("adapt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(folder / "cache"))
        patch.setenv("CI", "1")
        tiny = overrides_of_tiny_runs(folder)
        checkpoint = train(compose("train", [*tiny, "name=base", "training.steps=2"]))
        (checkpoint / "ranker.json").write_text("[1]")
        config = json.loads((checkpoint / "config.json").read_text()) | {"owner": "us"}
        (checkpoint / "config.json").write_text(json.dumps(config))
        (folder / "mine.jsonl").write_text(json.dumps(QUESTION))
        yield folder


def call(here, *more: str) -> int:
    replay = f"{{_target_: microgt.data.folder.FolderSource, path: '{here / 'questions'}'}}"
    other = ("~data.source.sources.replay", f"+data.source.sources.replay={replay}", "measures.replay.split=replay_train")
    shares = ("~data.shares.replay_generated", "~data.shares.replay_written", "+data.shares.replay_train=0.5", "measures.replay.limit=5")
    base = ("--checkpoint", str(here / "runs" / "base"))
    return main(["adapt", str(build_database("banking")), *base, *more, *FEW, *other, *shares])


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_better_one_is_kept_with_its_figures(here, capsys):
    base = here / "runs" / "base" / "checkpoint"
    before = contents(base)
    assert call(here, "--to", str(here / "new"), "--questions", str(here / "mine.jsonl"), "--seed", "3") == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == str(here / "new" / "checkpoint")
    result = json.loads((here / "new" / "result.json").read_text())
    assert f"The {result['kept']} checkpoint is kept" in out
    assert [(m["name"], m["both"]["first"]["n"]) for m in result["measures"]][::2] == [("your questions", 1), ("replay", 5)]
    assert (result["steps"], result["seed"], result["finished"]) == (3, 3, True)
    assert set(result["questions"]) == {"own_train", "replay_train"}
    assert contents(base) == before
    assert read_checkpoint(here / "new").config["owner"] == "us"
    assert main(["compare", *(str(here / "new" / "results" / f"held_out-{side}.json") for side in ("before", "after"))]) == 0
    assert call(here, "--to", str(here / "new")) == 2
    assert "is not empty: remove it, or choose another folder" in capsys.readouterr().err


def test_new_words_and_files_go_into_the_new_one(here, monkeypatch):
    monkeypatch.setattr(further, "choose", lambda found: Choice(True, "it is new"))
    assert call(here, "--to", str(here / "always")) == 0
    base, new = read_checkpoint(here / "runs" / "base"), read_checkpoint(here / "always")
    assert len(new.lexicon) > len(base.lexicon)
    assert new.lexicon.id("branch") >= len(base.lexicon)
    assert new.config["training"]["databases"] == ["banking", "shop.duckdb"]
    assert new.config["owner"] == "us"
    assert set(new.config["files"]) == {"model.safetensors", "tokenizer.json"}
    assert (here / "always" / "checkpoint" / "ranker.json").read_text() == "[1]"


def test_an_interrupted_training_is_measured_and_no_better_one_leaves_the_old(here, monkeypatch, capsys):
    def interrupted(config):
        shutil.copytree(config["start"], f"{config['runs']}/{config['name']}")
        raise KeyboardInterrupt

    monkeypatch.setattr(further, "train", interrupted)
    assert call(here, "--to", str(here / "cut")) == 0
    out = capsys.readouterr().out
    assert "interrupted: what has been learnt so far is measured" in out
    assert "The old checkpoint is kept" in out
    assert "no more answers are right than before" in out
    assert contents(here / "cut" / "checkpoint") == contents(here / "runs" / "base" / "checkpoint")


def test_after_a_failure_nothing_is_left(here, monkeypatch, capsys):
    there = sorted(here.iterdir())

    def fails(config):
        raise KeyboardInterrupt

    monkeypatch.setattr(further, "train", fails)
    assert call(here, "--to", str(here / "none")) == 130
    assert sorted(here.iterdir()) == there
    (here / "wrong.jsonl").write_text(json.dumps({**QUESTION, "query": "SELECT COUNT(*) FROM dogs"}))
    assert call(here, "--to", str(here / "none"), "--questions", str(here / "wrong.jsonl")) == 2
    assert "the gold of 1 of 1 questions does not run: mine" in capsys.readouterr().err
    (here / "wrong.jsonl").unlink()
    assert sorted(here.iterdir()) == there


def test_a_bad_database_is_refused_before_anything_is_done(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["adapt", "gone.duckdb"]) == 2
    assert "no database at gone.duckdb" in capsys.readouterr().err
    (tmp_path / "torn.duckdb").write_text("torn")
    assert main(["adapt", "torn.duckdb"]) == 2
    assert "torn.duckdb" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def measure(name: str, won: int, lost: int, *, decides: bool = True, n: int = 40) -> Compared:
    rate = {"k": 10, "n": n, "rate": 0.5, "low": 0.0, "high": 1.0, "detectable": None}
    both = {"first": rate, "second": {**rate, "k": 10 + won - lost}, "gain": (won - lost) / n, "won": won, "lost": lost}
    both |= {"p": mcnemar(lost, won), "interval": None, "detectable": None}
    return Compared.model_validate({"name": name, "data": "d", "split": "s", "decides": decides, "both": both, "won": (), "lost": ()})


@pytest.mark.parametrize(
    ("found", "new", "why"),
    [
        ([measure("asked", 2, 1), measure("held out", 0, 3)], True, "more of asked are right: 10 right before and 11 after, of 40"),
        ([measure("asked", 1, 1), measure("held out", 0, 3)], False, "fewer of held out are right"),
        (
            [measure("held out", 9, 0), measure("replay", 0, 9, decides=False)],
            False,
            "worse on replay than chance explains: 0 won and 9 lost",
        ),
        ([measure("held out", 1, 1), measure("replay", 5, 1, decides=False)], False, "no more answers are right than before"),
        ([measure("held out", 3, 0), measure("replay", 0, 2, decides=False)], True, "more of held out are right"),
    ],
)
def test_what_is_kept(found, new, why):
    choice = choose(found)
    assert (choice.new, why in choice.why) == (new, True)
