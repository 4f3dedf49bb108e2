"""What a finished run leaves: `result.json`, small enough to be committed. That it is there means that the run is finished."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from microgt.errors import DataError
from microgt.evaluation.results import Record
from microgt.files import write_text

FILE = "result.json"
# Where a run is kept, and how it is started: other places give the same result.
_PLACES = ("name", "runs", "resume", "logger", "launcher")


class Answered(Record):
    """The ids of the questions about one database that were answered right, and wrong."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]


class CurvePoint(Record):
    """Training after `step` steps. loss: nats of an action, of logged batches since the point before. validation: of the split."""

    step: int
    loss: float
    validation: float | None = None


class RunResult(Record):
    """One run. `format` changes when the fields do.

    overrides: of the configuration. config_hash: of all of it but where it runs. steps, examples, seconds: of training.
    flops_per_example: operations of training on an example of mean size, forward and backward. tokens_per_second: nodes read and actions
    written in training, without padding. split: that was answered; None when none was, and accuracy with it. items: by database.
    """

    format: Literal[1] = 1
    overrides: tuple[str, ...]
    config_hash: str
    seed: int
    microgt: str
    git: str | None
    versions: dict[str, str]
    data: str
    split: str | None
    steps: int
    examples: int
    seconds: float
    parameters: int
    flops_per_example: int
    tokens_per_second: float
    accuracy: float | None
    items: dict[str, Answered]
    learning_curve: tuple[CurvePoint, ...]

    @property
    def answers(self) -> dict[str, tuple[str, bool]]:
        """Question -> (its database, whether it was answered right)."""
        marked = [(db, group.right, True) for db, group in self.items.items()] + [
            (db, group.wrong, False) for db, group in self.items.items()
        ]
        return {name: (db, right) for db, names, right in marked for name in names}

    def write(self, folder: Path) -> Path:
        """Write the file into the run's folder."""
        return write_text(folder / FILE, self.model_dump_json() + "\n")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the file of a run's folder. Raises `DataError` when there is none or it is of another format."""
        try:
            return cls.model_validate_json((folder / FILE).read_bytes())
        except OSError as error:
            raise DataError(f"cannot read {folder / FILE}: {error.strerror}") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise DataError(f"{folder / FILE} is no result of this version: {'/'.join(map(str, first['loc']))}: {first['msg']}") from None


def config_hash(config: dict[str, Any]) -> str:
    """Of everything in a configuration that the result depends on."""
    kept = {key: value for key, value in config.items() if key not in _PLACES}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]
