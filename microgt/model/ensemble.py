"""Several checkpoints that answer together: at each step the mean of their probabilities (in decoding: Sutskever et al. 2014).

A folder with `config.json`, which names the folders of the members in it, and where one was learned `ranker.json`. Members are
checkpoints in any form that `load_proposer` reads, with actions as their output; each has its own vocabulary. Free of torch.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from microgt.errors import CheckpointError
from microgt.files import replace_folder, write_text
from microgt.graph import RELATION_VERSION, Graph
from microgt.model.making import CONFIG, FORMAT, check_files, plain_names, preparation_hash, read_config
from microgt.model.proposer import Proposer
from microgt.model.ranked import read_ranking
from microgt.model.steps import Stepper, Writing
from microgt.ranking import Ranking

_MEMBERS = "members"
_SUMS = ("steps", "seconds", "examples", "tokens", "parameters", "flops_per_example")


class MeanStepper:
    """The `Stepper` of several over the same graphs: the mean of their probabilities."""

    def __init__(self, steppers: Sequence[Stepper]):
        self.steppers = steppers

    def start(self) -> Any:
        """The state of each."""
        return [stepper.start() for stepper in self.steppers]

    def step(self, steps: Any, legal: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Log-probabilities [B,A] and the states after."""
        stepped = [stepper.step(steps, legal, own) for stepper, own in zip(self.steppers, state, strict=True)]
        mean = np.logaddexp.reduce([logp for logp, _ in stepped]) - np.log(len(stepped))
        return mean.astype(np.float32), [after for _, after in stepped]

    def select(self, state: Any, rows: Sequence[int]) -> Any:
        """The states of some rows."""
        return [stepper.select(own, rows) for stepper, own in zip(self.steppers, state, strict=True)]


class Ensemble(Proposer):
    """The `Proposer` of several, whose legal outputs are the same."""

    def __init__(self, members: Sequence[Proposer], config: dict[str, Any], *, beam: int = 5, ranking: Ranking | None = None):
        super().__init__(config, beam=beam, ranking=ranking)
        self.members = members

    def read(self, graphs: Sequence[Graph]) -> tuple[Stepper, Writing]:
        """All models over a batch of these graphs, and how what they write becomes specs."""
        read = [member.read(graphs) for member in self.members]
        return MeanStepper([stepper for stepper, _ in read]), read[0][1]


def is_ensemble(path: Path) -> bool:
    """Whether a folder says that it holds one."""
    try:
        return _MEMBERS in json.loads((path / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def load_ensemble(path: Path, load: Callable[[Path], Proposer], *, beam: int = 5) -> Ensemble:
    """load: reads a member. Raises `CheckpointError`."""
    config = read_config(path, path)
    check_files(path, path, config.get("files", {}))
    if not isinstance(config[_MEMBERS], list) or not config[_MEMBERS]:
        raise CheckpointError(f"{path}: `members` in its config.json is no list of folders")
    members = [load(path / name) for name in plain_names(path, config[_MEMBERS])]
    return Ensemble(members, {**config, "training": _training(members)}, beam=beam, ranking=read_ranking(path, path, config))


def write_ensemble(folder: Path, members: Sequence[Path]) -> Path:
    """Copy checkpoints into a folder as an ensemble, in place of what stood there. Raises `CheckpointError` for fewer than two."""
    if len(members) < 2:
        raise CheckpointError(f"an ensemble has two members or more; it was given {len(members)}")
    with replace_folder(folder) as temporary:
        names = [str(i) for i in range(len(members))]
        for name, member in zip(names, members, strict=True):
            shutil.copytree(member, temporary / name)
        versions = {"format": FORMAT, "relation_version": RELATION_VERSION, "preparation": preparation_hash()}
        write_text(temporary / CONFIG, json.dumps({**versions, _MEMBERS: names, "files": {}}, indent=1))
    return folder


def _training(members: Sequence[Proposer]) -> dict[str, Any]:
    """What the first says of its training; figures that add up are those of all together, and so are databases and seeds."""
    every = [member.config.get("training", {}) for member in members]
    sums = {key: sum(training.get(key, 0) for training in every) for key in _SUMS if key in every[0]}
    databases = sorted({db for training in every for db in training.get("databases", ())})
    seeds = "+".join(str(training.get("seed", "?")) for training in every)
    return {**every[0], **sums, "databases": databases, "seed": seeds, "members": len(members)}
