"""Launchers beside the built-in one, where they are installed."""

import re
import sys

import pytest

from microgt.errors import ConfigError, MicrogtError
from microgt.experiments.perform import State
from microgt.experiments.status import status_of
from microgt.experiments.sweep import sweep

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
JOBS = ("seed=0,1", "trainer.max_steps=2", "evaluate=null")


def states(folder):
    return [job.state for job in status_of(folder)]


def test_joblib(questions):
    pytest.importorskip("joblib")
    assert states(sweep([*questions, *JOBS, "launcher=joblib", "launcher.workers=2"])) == [State.DONE, State.DONE]


@pytest.mark.parametrize("cluster", ["debug", pytest.param("local", marks=pytest.mark.slow)])
def test_submitit(questions, cluster):
    pytest.importorskip("submitit")
    assert states(sweep([*questions, *JOBS, "launcher=submitit", f"launcher.cluster={cluster}"])) == [State.DONE, State.DONE]


def test_submitits_parameters_are_checked(questions):
    pytest.importorskip("submitit")
    with pytest.raises(ConfigError, match=r"launcher.parameters: .*timeout_mins"):
        sweep([*questions, *JOBS, "launcher=submitit", "launcher.cluster=debug", "+launcher.parameters.timeout_mins=3"])


@pytest.mark.slow
def test_ray(questions):
    pytest.importorskip("ray")
    assert states(sweep([*questions, *JOBS, "launcher=ray"])) == [State.DONE, State.DONE]


def test_a_launcher_that_is_not_installed_says_how_to_get_it(questions, monkeypatch):
    for name in ("joblib", "submitit", "ray"):
        monkeypatch.setitem(sys.modules, name, None)
    for launcher, message in (
        ("joblib", "pip install 'microgt[sweep]'"),
        ("submitit", "pip install 'microgt[sweep]'"),
        ("ray", "pip install ray"),
    ):
        with pytest.raises(MicrogtError, match=re.escape(message)):
            sweep([*questions, *JOBS, f"launcher={launcher}"])
