"""Files of JSON lines to which several processes append."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from microgt.errors import DataError


def append_line(path: Path, value: Any) -> None:
    """Append a JSON value as one line, and return when it is on the disk. Raises `DataError` when it cannot be written.

    Writers take turns. A line that somebody was killed in is ended first, so that it spoils no other.
    """
    line = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"  # half a character as its escape
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = file.seek(0, os.SEEK_END)
            data = line if not end or os.pread(file.fileno(), 1, end - 1) == b"\n" else b"\n" + line
            while data:  # a disk that fills up takes a part first
                data = data[file.write(data) :]
            os.fsync(file.fileno())
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None


def read_lines(path: Path) -> Iterator[Any]:
    """The values of a file, of which there may be none yet. Raises `DataError` when it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from None
    return parsed(data)


def parsed(data: bytes) -> Iterator[Any]:
    """The values of the lines that are JSON: one that was cut off is left out."""
    for line in data.split(b"\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue
