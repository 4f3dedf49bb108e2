"""Writing and reading the log of a database."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from microgt.audit.events import EVENT, Event
from microgt.errors import DataError
from microgt.lines import append_line, read_lines
from microgt.paths import home_dir

VARIABLE = "MICROGT_LOG"
FILE = "log.jsonl"
PLACE = "$MICROGT_HOME/NAME-HASH/log.jsonl (by default in ~/.local/share/microgt), a folder for each database by its path"


class Log(Protocol):
    """Where events go."""

    def note(self, event: Event) -> None:
        """Keep it. Raises `DataError` when it cannot be written."""
        ...


class FileLog:
    """A file of JSON lines. Several processes may write to it; whoever is killed on the way leaves all lines before."""

    def __init__(self, path: Path):
        self.path = path

    def note(self, event: Event) -> None:
        """As `Log.note`; the event is on the disk when it returns."""
        append_line(self.path, event.model_dump(mode="json"))

    def events(self) -> Iterator[Event]:
        """All that can be read, the oldest first; lines of other versions are left out. Raises `DataError`."""
        for line in read_lines(self.path):
            with suppress(ValidationError):
                yield EVENT.validate_python(line)


class NoLog:
    """Keeps nothing."""

    def note(self, event: Event) -> None:
        """Forget it."""


def folder_of(database: str | Path) -> Path:
    """What belongs to a database and cannot be made again: a folder by the database's name and the hash of its path."""
    path = Path(database).resolve()
    name = re.sub(r"[^\w-]+", "_", path.name.split(".")[0]) or "database"
    return home_dir() / f"{name}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:12]}"


def log_file(database: str | Path) -> FileLog:
    """The log of a database, by its path."""
    return FileLog(folder_of(database) / FILE)


def log_of(database: str | Path, *, on: bool = True) -> Log:
    """The same, or none where it is turned off here or by $MICROGT_LOG=off."""
    return log_file(database) if on and os.environ.get(VARIABLE) != "off" else NoLog()


def fault_of(log: Log, event: Event) -> str | None:
    """Note an event beside work that must not fail for it: why it could not be noted, None when it was."""
    try:
        log.note(event)
    except DataError as error:
        return f"not logged: {error}"


def user() -> str:
    """Who runs this process; empty where the system does not say."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
