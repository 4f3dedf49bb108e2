"""Where products live: a folder each, in it a folder for each version, and one small file that says which version is deployed.

    products/sales/product.json    the record: replaced as a whole, and the only thing that decides what is deployed
    products/sales/1/              a version: manifest, spec, SQL, contract, checks, data, chart, page; never changed once it is there

A version is written under another name, renamed, and only then named in the record. Whoever is killed on the way leaves what was
deployed as it was; the next one who deploys removes the remains. What else stands in the folder is left alone.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from microgt.errors import ConfigError, DataError, did_you_mean
from microgt.files import replace_folder, write_text

RECORD, MANIFEST, PAGE = "product.json", "manifest.json", "index.html"
DRAFT, PROTOTYPE, DEPLOYED, RETIRED = STATES = ("draft", "prototype", "deployed", "retired")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_UNFINISHED = (".writing-", ".old-")


@dataclass(frozen=True)
class Version:
    """number: from 1. state: draft, prototype or deployed. at: when it was made, ISO 8601 in UTC."""

    number: int
    state: str
    at: str


@dataclass(frozen=True)
class Record:
    """current: the number of the version that is deployed. past: of those that were deployed before it and not taken back, the oldest
    first. events: what was done and when, the oldest first."""

    name: str
    current: int | None = None
    retired: bool = False
    versions: tuple[Version, ...] = ()
    events: tuple[str, ...] = ()
    past: tuple[int, ...] = ()

    @property
    def state(self) -> str:
        """Of the product: of what is deployed, else of its newest version."""
        if self.retired:
            return RETIRED
        return DEPLOYED if self.current else self.versions[-1].state if self.versions else DRAFT

    @property
    def before(self) -> int | None:
        """The version that was deployed before."""
        return self.past[-1] if self.past else None

    def of_state(self, state: str) -> tuple[int, ...]:
        """The numbers of the versions of a state."""
        return tuple(version.number for version in self.versions if version.state == state)

    def noted(self, event: str, by: str = "") -> Record:
        """With one more event. by: who has done it, where that is known."""
        return replace(self, events=(*self.events, f"{now()} {event}{f' by {by}' if by else ''}"))

    def deploying(self, number: int | None) -> Record:
        """With that version deployed, or none; what is deployed now goes into the past."""
        past = self.past if self.current in (None, number) else (*self.past, self.current)
        return replace(self, current=number, retired=number is None, past=past)

    def back_at(self, number: int) -> Record:
        """With an earlier version deployed; what came after it in the past is taken back."""
        if number not in self.past:
            return self.deploying(number)
        return replace(self, current=number, retired=False, past=self.past[: self.past.index(number)])

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Record:
        """As it was written; one that was written without its past has had all its deployed versions in turn."""
        found = cls(read["name"], read["current"], read["retired"], tuple(Version(**v) for v in read["versions"]), tuple(read["events"]))
        in_turn = [number for number in found.of_state(DEPLOYED) if found.current is None or number < found.current]
        return replace(found, past=tuple(read.get("past", in_turn)))


def now() -> str:
    """The moment, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """A folder of products. Several processes may use it."""

    def __init__(self, folder: Path):
        self.folder = folder

    def names(self) -> list[str]:
        """Of the products there are."""
        return sorted(path.parent.name for path in self.folder.glob(f"*/{RECORD}")) if self.folder.is_dir() else []

    def record(self, name: str) -> Record:
        """Raises `DataError` when there is no such product, or its record cannot be read."""
        file = self.folder / checked_name(name) / RECORD
        try:
            return Record.from_json(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise DataError(f"there is no product {name!r} in {self.folder}{did_you_mean(name, self.names())}") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{file} cannot be read: {error}") from None

    def version(self, name: str, number: int | None = None) -> Path:
        """The folder of a version; without a number of the one that is deployed, else of the newest. Raises `DataError`."""
        record = self.record(name)
        number = number or record.current or (record.versions[-1].number if record.versions else 0)
        folder = self.folder / name / str(number)
        if not folder.is_dir():
            raise DataError(f"product {name!r} has no version {number}: it has {_listed(version.number for version in record.versions)}")
        return folder

    def manifest(self, name: str, number: int | None = None) -> dict[str, Any]:
        """Of a version, as `version` finds it. Raises `DataError`."""
        file = self.version(name, number) / MANIFEST
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"{file} cannot be read: {error}") from None
        if not isinstance(found, dict):
            raise DataError(f"{file} cannot be read: it is no JSON object")
        return found

    def add(self, name: str, state: str, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> int:
        """Keep a new version, and its number; one that is `deployed` takes the place of the one before. Raises `DataError`."""
        with self._locked(name) as record:
            number = _next(record)
            with replace_folder(self.folder / name / str(number)) as folder:
                for file, data in files.items():
                    (folder / file).write_bytes(data)
                text = json.dumps({"name": name, "version": number, "state": state, **manifest}, ensure_ascii=False, indent=1)
                (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
            record = replace(record, versions=(*record.versions, Version(number, state, now())))
            if state == DEPLOYED:
                record = record.deploying(number)
            self._write(record.noted(f"version {number}: {state}"))
        return number

    def promote(self, name: str, number: int, by: str = "") -> None:
        """Deploy a prototype as it is kept. Raises `ConfigError` when the version is none."""
        with self._locked(self.record(name).name) as record:
            prototypes = record.of_state(PROTOTYPE)
            if number not in prototypes or not (self.folder / name / str(number)).is_dir():
                raise ConfigError(f"version {number} of {name!r} is no prototype: prototypes are {_listed(prototypes)}")
            versions = tuple(replace(known, state=DEPLOYED) if known.number == number else known for known in record.versions)
            self._write(replace(record, versions=versions).deploying(number).noted(f"version {number}: promoted", by))

    def rollback(self, name: str, to: int | None = None, by: str = "") -> int:
        """Deploy an earlier version again, by default the one deployed before. Raises `ConfigError` when there is none."""
        with self._locked(self.record(name).name) as record:
            deployed = record.of_state(DEPLOYED)
            chosen = to if to is not None else record.before
            if chosen not in deployed or not (self.folder / name / str(chosen)).is_dir():
                what = "no earlier version" if chosen is None else f"no deployed version {chosen}"
                raise ConfigError(f"product {name!r} has {what}: deployed were {_listed(deployed)}")
            self._write(record.back_at(chosen).noted(f"rolled back from version {record.current} to {chosen}", by))
        return chosen

    def retire(self, name: str, by: str = "") -> None:
        """It is deployed no more; its versions are kept."""
        with self._locked(self.record(name).name) as record:
            self._write(record.deploying(None).noted("retired", by))

    def note(self, name: str, event: str) -> None:
        """Write down what has happened to a product, such as a refresh that was refused."""
        with self._locked(self.record(name).name) as record:
            self._write(record.noted(event))

    @contextmanager
    def _locked(self, name: str) -> Iterator[Record]:
        """The record, while nobody else changes the product; what killed processes left behind is removed."""
        folder = self.folder / checked_name(name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                record = self.record(name) if (folder / RECORD).exists() else Record(name)
                self._sweep(folder, record)
                yield record
        except OSError as error:
            raise DataError(f"cannot write {folder}: {error.strerror}") from None

    @staticmethod
    def _sweep(folder: Path, record: Record) -> None:
        for path in folder.iterdir():
            if path.name.startswith(_UNFINISHED) or (path.is_dir() and path.name == str(_next(record))):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def _write(self, record: Record) -> None:
        write_text(self.folder / record.name / RECORD, json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n")


def checked_name(name: str) -> str:
    """The name, when it may be one of a product. Raises `ConfigError`."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot be the name of a product: small letters, digits, - and _, at most 64, such as sales-by-region")
    return name


def _next(record: Record) -> int:
    """The number of the version to come: whoever was killed before the record named it has left its folder."""
    return max((version.number for version in record.versions), default=0) + 1


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
