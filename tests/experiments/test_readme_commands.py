"""The commands about sweeps in README and in this package's own are taken as they stand."""

import shlex
from pathlib import Path

import pytest

import microgt
from microgt.cli.main import VERBS
from microgt.config import compose
from microgt.experiments.jobs import expand

ROOT = Path(microgt.__file__).parents[1]


def commands():
    for file in (ROOT / "README.md", ROOT / "microgt" / "experiments" / "README.md"):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = (
                shlex.split(line.strip(), comments=True)
                if "microgt " in line and line.lstrip().startswith(("microgt ", ".venv-ray"))
                else []
            )
            if len(words) > 2 and words[0].endswith("microgt") and words[1] in ("train", "search", "ablate", "sweep"):
                yield words[1:]


FOUND = list(commands())


def test_there_are_some():
    assert {command[0] for command in FOUND} == {"train", "search", "ablate", "sweep"}
    assert {command[0] for command in FOUND} <= VERBS.keys()


@pytest.mark.parametrize("command", [c for c in FOUND if c[0] in ("train", "ablate") and "data=folder" not in c], ids=" ".join)
def test_overrides_compose(command):
    for overrides in expand([word for word in command[1:] if word != "-m"]):
        assert compose(command[0], overrides)
