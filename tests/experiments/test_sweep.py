"""A sweep does every job once, whatever happens between."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from microgt.cli.main import main
from microgt.errors import ConfigError, DataError
from microgt.experiments import run as experiment
from microgt.experiments.jobs import expand, job_name, jobs_of, recorded
from microgt.experiments.perform import State, perform, state_of
from microgt.experiments.status import status_of
from microgt.experiments.sweep import sweep


def test_every_combination():
    assert expand(["a=1,2", "b=x", "seed=0,1"]) == [
        ["a=1", "b=x", "seed=0"],
        ["a=1", "b=x", "seed=1"],
        ["a=2", "b=x", "seed=0"],
        ["a=2", "b=x", "seed=1"],
    ]
    assert expand(["seed=range(2)"]) == [["seed=0"], ["seed=1"]]
    assert ["ablation=none"] in expand(["ablation=glob(*)"])
    assert expand(["data.shares={a: 1, b: 2}", "x=[1,2]"]) == [["data.shares={a: 1, b: 2}", "x=[1,2]"]]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("name=a,b", "name=a,b: all jobs of a sweep have one name"),
        ("training.lr=interval(0,1)", "an interval has no values to list"),
        ("a b", "'a b' is not an override: expected key=value or key=value,value"),
    ],
)
def test_what_is_no_sweep(override, message):
    with pytest.raises(ConfigError, match=message):
        expand([override])


def test_folders_are_named_by_overrides(questions, tmp_path):
    jobs = jobs_of([*questions, "ablation=none,no_relations", "seed=0"])
    assert len({job.folder for job in jobs}) == 2
    assert {job.folder.parent for job in jobs} == {tmp_path / "runs" / "sweep-folder"}
    assert jobs_of([*reversed(questions), "seed=0", "ablation=none"])[0].folder == jobs[0].folder
    assert job_name(["ablation=none", "seed=0"]) == "ablation-none+seed-0"
    assert expand([f"checkpoint=runs/{job.folder.name}/checkpoint" for job in jobs])  # no quotes are needed
    assert job_name(["path=a/b"]) != job_name(["path=a_b"])
    assert "/" not in job_name(["path=/a/b"])
    assert len(job_name(["x" * 500])) < 200


def test_a_mistake_is_told_before_any_job(questions, tmp_path):
    with pytest.raises(ConfigError, match="no 'no_relation' in configuration group 'ablation'; did you mean 'no_relations'"):
        sweep([*questions, "ablation=none,no_relation"])
    assert not (tmp_path / "runs").exists()


def test_a_failed_job_stops_no_other_and_is_tried_again(questions, tmp_path, monkeypatch, capsys):
    train = experiment.train
    done = []

    def faulty(config, callbacks, overrides):
        done.append(config["seed"])
        if config["seed"] == 1 and len(done) < 3:
            raise RuntimeError("no memory left")
        return train(config, callbacks, overrides)

    monkeypatch.setattr(experiment, "train", faulty)
    command = ["train", "-m", *questions, "name=tiny", "seed=0,1", "trainer.max_steps=2", "evaluate=null"]
    assert main(command) == 1
    folder = tmp_path / "runs" / "tiny"
    assert [job.state for job in status_of(folder)] == [State.DONE, State.FAILED]
    assert status_of(folder)[1].failure == "RuntimeError: no memory left"
    out = capsys.readouterr().out
    assert "RuntimeError: no memory left" in out
    assert "2 jobs: 1 done, 1 failed" in out
    assert main(command) == 0
    assert done == [0, 1, 1]
    assert main(["sweep", "status", str(folder)]) == 0
    assert "2 jobs: 2 done" in capsys.readouterr().out


def test_a_job_is_left_to_the_process_that_is_at_it(questions):
    (job,) = jobs_of([*questions, "trainer.max_steps=1"])
    script = f"import fcntl, time; f = open({str(job.folder / 'running.lock')!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)"
    job.folder.mkdir(parents=True)
    assert state_of(job.folder) is State.WAITING
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert perform(job) is State.RUNNING
        assert state_of(job.folder) is State.RUNNING
        other.kill()
        other.wait()
        assert state_of(job.folder) is State.WAITING


def test_a_killed_sweep_goes_on_where_it_ended(questions, tmp_path):
    overrides = [*questions, "name=cut", "seed=0,1", "training.steps=3000", "training.checkpoint_every=5", "evaluate=null"]
    with subprocess.Popen([sys.executable, "-m", "microgt.cli.main", "train", "-m", *overrides], stderr=subprocess.DEVNULL) as process:
        last = jobs_of(overrides)[0].folder / "last.ckpt"
        limit = time.monotonic() + 300
        while not last.is_file():
            assert process.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.05)
        assert state_of(last.parent) is State.RUNNING
        os.kill(process.pid, signal.SIGKILL)
    first, second = jobs_of(overrides)
    assert [state_of(job.folder) for job in (first, second)] == [State.INTERRUPTED, State.WAITING]
    steps = []

    def train(config, callbacks, overrides):
        steps.append(config["resume"])
        checkpoint = tmp_path / "runs" / "cut" / config["name"] / "checkpoint"
        checkpoint.mkdir(exist_ok=True)
        counted = dict.fromkeys(("steps", "examples", "tokens", "seconds", "parameters", "flops_per_example"), 1)
        (checkpoint / "config.json").write_text(json.dumps({"training": {"data": "folder", "finished": True, **counted}}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiment, "train", train)
        sweep(overrides)
    assert steps == [str(last), None]
    assert [state_of(job.folder) for job in (first, second)] == [State.DONE, State.DONE]


def test_a_folder_that_is_no_sweep(tmp_path):
    with pytest.raises(DataError, match="is no sweep: it has no sweep.json"):
        recorded(tmp_path)
    (tmp_path / "sweep.json").write_text("[]")
    with pytest.raises(DataError, match="is damaged"):
        recorded(tmp_path)
