"""What was learnt for a database: numbered checkpoints in its folder, and which of them answers.

$MICROGT_HOME/shop-1a2b3c/log.jsonl                  the log of the database
$MICROGT_HOME/shop-1a2b3c/checkpoints/2/checkpoint   what was learnt, with result.json and the answers compared in results
$MICROGT_HOME/shop-1a2b3c/learnt.json                the promoted ones in their order; the last answers
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microgt.audit.log import folder_of
from microgt.errors import CheckpointError, ConfigError
from microgt.files import write_text
from microgt.paths import home_dir

CHECKPOINTS, CHECKPOINT, RECORD = "checkpoints", "checkpoint", "learnt.json"


class Learnt:
    """The checkpoints of a database, by its path."""

    def __init__(self, database: str | Path):
        self.folder = folder_of(database)

    @property
    def promoted(self) -> list[int]:
        """Numbers of the checkpoints that were promoted and not taken back; the last one answers. Raises `CheckpointError`."""
        file = self.folder / RECORD
        try:
            return [int(number) for number in json.loads(file.read_text(encoding="utf-8"))["promoted"]]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(
                f"{file} cannot be read ({error}): remove it, and the checkpoint that comes with microgt answers"
            ) from None

    @property
    def current(self) -> int | None:
        """The number of the one that answers."""
        return next(reversed(self.promoted), None)

    @property
    def checkpoint(self) -> Path | None:
        """The one that answers."""
        return None if self.current is None else self.place(self.current) / CHECKPOINT

    def place(self, number: int) -> Path:
        """The folder of a checkpoint."""
        return self.folder / CHECKPOINTS / str(number)

    def free(self) -> int:
        """A number that no checkpoint has had."""
        there = (self.folder / CHECKPOINTS).glob("[0-9]*")
        return max((int(path.name) for path in there if path.name.isdecimal()), default=0) + 1

    def promote(self, number: int) -> None:
        """Let it answer from now on."""
        self._write([*self.promoted, number])

    def back(self) -> int:
        """Take back what answers, and return its number; the one before answers. Raises `ConfigError` when there is none."""
        if self.current is None:
            raise ConfigError("there is nothing to take back: nothing that was learnt answers")
        *before, last = self.promoted
        self._write(before)
        return last

    def _write(self, promoted: list[int]) -> None:
        write_text(self.folder / RECORD, json.dumps({"promoted": promoted}) + "\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While nobody else learns for the database. Raises `ConfigError` when somebody does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".learning").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConfigError(f"another process is learning for this database (it holds {lock.name})") from None
            yield


def name_of(checkpoint: str | Path) -> str:
    """What an answer calls the checkpoint: `learnt 2` where it was learnt for a database, else the name of its folder or run."""
    path = Path(checkpoint).resolve()
    place = path.parent if path.name == CHECKPOINT else path
    learnt = place.parent.name == CHECKPOINTS and place.is_relative_to(home_dir().resolve())
    return f"learnt {place.name}" if learnt else place.name
