"""What a run has found out so far, beside the file of its results, so that the same command goes on where an interrupted run ended.

JSON lines: first what made them, then `{"key": ..., "item": ...}` or `{"key": ..., "prediction": ...}`. A key stands for all that a finding
depends on, so a line is used again only where nothing has changed. A line that was cut off when the run was killed is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Self

from microgt.errors import DataError
from microgt.lines import parsed


def journal_beside(results: str | Path) -> Path:
    """Where the journal of a run with such results is."""
    path = Path(results)
    return path.with_name(path.name + ".partial.jsonl")


def key_of(*parts: Any) -> str:
    """A hash of JSON values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


class Journal:
    """Findings by kind and key. For use as a context manager, which leaves no file without any.

    made_by: what all findings depend on, such as versions. foreign: whether the file was made by something else; then it is begun anew.
    fault: why nothing more is written, such as a full disk; the work goes on without. Raises `DataError` when the file cannot be opened.
    """

    def __init__(self, path: Path, made_by: Mapping[str, Any]):
        self.path, self._lock = path, Lock()
        self.fault: str | None = None
        text = self._read()
        head, *lines = list(parsed(text)) or [None]
        self.foreign = bool(text) and head != {"made_by": made_by}
        self._found = {} if self.foreign else dict(_findings(lines))
        self._empty = not self._found
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab" if text and not self.foreign else "wb", buffering=0)
        except OSError as error:
            raise _cannot("write", path, error) from None
        if not text or self.foreign:
            self._write({"made_by": made_by})
        elif not text.endswith(b"\n"):
            self._append(b"\n")

    def count(self, kind: str) -> int:
        """How many findings of a kind were there when the file was opened."""
        return sum(found == kind for found, _ in self._found)

    def find(self, kind: str, key: str) -> Any:
        """A finding; None when there is none."""
        return self._found.get((kind, key))

    def write(self, kind: str, key: str, finding: Any) -> None:
        """Add a finding; may be called from several threads."""
        self._empty = False
        self._write({"key": key, kind: finding})

    def _write(self, line: Any) -> None:
        with self._lock:
            self._append(json.dumps(line).encode() + b"\n")

    def _append(self, data: bytes) -> None:
        try:
            while data and self.fault is None:  # a disk that fills up takes a part first
                data = data[self._file.write(data) :]
        except OSError as error:
            self.fault = str(_cannot("write", self.path, error))

    def _read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _cannot("read", self.path, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._empty:
            self.path.unlink(missing_ok=True)


def _cannot(do: str, path: Path, error: OSError) -> DataError:
    return DataError(f"cannot {do} {path}: {error.strerror}")


def _findings(lines: Iterable[Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    for line in lines:
        if isinstance(line, dict) and isinstance(key := line.pop("key", None), str):
            yield from (((kind, key), finding) for kind, finding in line.items())
