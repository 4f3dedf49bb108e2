"""A database's corrections are learnt; what is better answers, and can be taken back."""

import json

import pytest

from microgt.audit.events import Judged, Promoted, Refused, TakenBack
from microgt.audit.log import log_file
from microgt.cli.main import main
from microgt.config import compose
from microgt.errors import CheckpointError, ConfigError
from microgt.product import further
from microgt.product import learn as learning
from microgt.product.checkpoints import checkpoint_for, find_checkpoint
from microgt.product.further import Further
from microgt.product.learnt import Learnt, name_of
from microgt.product.measures import Choice
from microgt.training.train import train
from tests.product.scripted import AMOUNT, ORDERS, by_region, make_shop
from tests.tiny import overrides_of_tiny_runs

FEW = ("machine=cpu", "training.steps=3", "training.batch_size=4", "data.source.sources.own.times=2")
SPECS = {"best region": by_region(ORDERS), "amount by region": by_region(AMOUNT)}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder with a checkpoint of two steps and a shop that has corrections."""
    folder = tmp_path_factory.mktemp("learn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(folder / "cache"))
        patch.setenv("MICROGT_HOME", str(folder / "home"))
        patch.setenv("CI", "1")
        train(compose("train", [*overrides_of_tiny_runs(folder), "name=base", "training.steps=2"]))
        shop = make_shop(folder / "shop.duckdb")
        for question, spec in SPECS.items():
            (folder / "right.json").write_text(json.dumps(spec))
            assert main(["correct", str(shop), question, str(folder / "right.json")]) == 0
        log_file(shop).note(Judged(question="orders by region", spec=by_region(ORDERS), thumb="up"))
    return folder


@pytest.fixture
def call(here, monkeypatch):
    """`microgt learn` in that folder -> status; `call(home=...)` with other corrections."""
    monkeypatch.setenv("MICROGT_HOME", str(here / "home"))
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    replay = f"{{_target_: microgt.data.folder.FolderSource, path: '{here / 'questions'}'}}"
    other = ("~data.source.sources.replay", f"+data.source.sources.replay={replay}", "measures.replay.split=replay_train")
    shares = ("~data.shares.replay_generated", "~data.shares.replay_written", "+data.shares.replay_train=0.5", "measures.replay.limit=5")

    def called(*more):
        return main(["learn", str(here / "shop.duckdb"), "--checkpoint", str(here / "runs" / "base"), *more, *FEW, *other, *shares])

    return called


def test_what_is_better_answers_until_it_is_taken_back(here, call, monkeypatch, capsys):
    shop = here / "shop.duckdb"
    learnt = Learnt(shop)
    monkeypatch.setattr(further, "choose", lambda found: Choice(True, "more of past corrections are right"))
    assert call() == 0
    assert f"Checkpoint 1 answers questions about {shop} from now on: more of past corrections are right." in capsys.readouterr().out
    taken = checkpoint_for(None, shop)
    assert (taken, name_of(taken), taken.is_dir()) == (learnt.place(1) / "checkpoint", "learnt 1", True)
    assert checkpoint_for(here / "runs" / "base", shop) == here / "runs" / "base"
    result = json.loads((learnt.place(1) / "result.json").read_text())
    assert set(result["questions"]) == {"said_corrections", "said_confirmed", "own_train", "replay_train"}
    measured = [("replay", 5, False), ("past corrections", 2, True), ("confirmed answers", 1, False)]
    assert [(m["name"], m["both"]["first"]["n"], m["decides"]) for m in result["measures"]] == measured

    # One that is no better is not promoted.
    worse = Further.model_validate({**result, "kept": "old", "why": "no more answers are right than before"})
    monkeypatch.setattr(learning, "train_further", lambda config, folder, console: worse)
    assert call() == 0
    assert "Checkpoint 2 is not promoted, and checkpoint 1 goes on answering: no more answers" in capsys.readouterr().out
    assert checkpoint_for(None, shop) == taken

    assert main(["learn", str(shop), "--back"]) == 0
    assert capsys.readouterr().out.startswith("Checkpoint 1 is taken back (its files are kept): the checkpoint that learnt nothing here")
    assert checkpoint_for(None, shop) == find_checkpoint()
    assert taken.is_dir()
    assert main(["learn", str(shop), "--back"]) == 2
    assert "there is nothing to take back" in capsys.readouterr().err
    assert learnt.free() == 3

    told = [event for event in log_file(shop).events() if isinstance(event, Refused | Promoted | TakenBack)]
    assert [(event.event, event.checkpoint) for event in told] == [("promoted", 1), ("refused", 2), ("taken back", 1)]
    assert isinstance(told[0], Promoted)
    assert [(one.name, one.of) for one in told[0].changed] == [(name, n) for name, n, _ in measured]
    assert main(["log", str(shop), "--kind", "promoted"]) == 0
    assert "checkpoint 1: more of past corrections are right (replay " in capsys.readouterr().out


def test_after_a_failure_nothing_has_changed(here, call, monkeypatch):
    learnt = Learnt(here / "shop.duckdb")
    before = (learnt.promoted, learnt.free())

    def fails(config, folder, console):
        (folder / "half").write_text("done")
        raise KeyboardInterrupt

    monkeypatch.setattr(learning, "train_further", fails)
    assert call() == 130
    assert (learnt.promoted, learnt.free()) == before


def test_one_learns_at_a_time(here, call, capsys):
    with Learnt(here / "shop.duckdb").locked():
        assert call() == 2
    assert "another process is learning for this database" in capsys.readouterr().err


def test_without_corrections_nothing_is_learnt(here, call, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path))
    assert call() == 2
    assert "there are no corrections of" in capsys.readouterr().err


def test_which_one_answers(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path))
    monkeypatch.delenv("MICROGT_CHECKPOINT", raising=False)
    learnt = Learnt("shop.duckdb")
    learnt.promote(1)
    with pytest.raises(CheckpointError, match="`microgt learn shop.duckdb --back` leaves it aside"):
        checkpoint_for(None, "shop.duckdb")
    (learnt.place(1) / "checkpoint").mkdir(parents=True)
    learnt.promote(3)
    assert (learnt.promoted, learnt.back(), learnt.current) == ([1, 3], 3, 1)
    assert checkpoint_for(None, "shop.duckdb") == learnt.place(1) / "checkpoint"
    monkeypatch.setenv("MICROGT_CHECKPOINT", str(tmp_path))
    assert checkpoint_for(None, "shop.duckdb") == tmp_path
    learnt.back()
    with pytest.raises(ConfigError, match="nothing to take back"):
        learnt.back()
    (learnt.folder / "learnt.json").write_text("{")
    with pytest.raises(CheckpointError, match=r"learnt\.json cannot be read"):
        _ = learnt.current
    assert (name_of("runs/demo/checkpoint"), name_of("data/checkpoints/micro")) == ("demo", "micro")
