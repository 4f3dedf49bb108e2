"""Where products live: a folder each, in it a folder for each version, and one small file that says which version is deployed.

    products/sales/product.json    the record: replaced as a whole, and the only thing that decides what is deployed
    products/sales/1/              a version: manifest, spec, SQL, contract, checks, data, chart, page; never changed once it is there

A version is written under another name, renamed, and only then named in the record. Whoever is killed on the way leaves what was
deployed as it was; the next one who deploys removes the remains.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterator, Mapping
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
    """current: the number of the version that is deployed. events: what was done and when, the oldest first."""

    name: str
    current: int | None = None
    retired: bool = False
    versions: tuple[Version, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Of the product: of what is deployed, else of its newest version."""
        if self.retired:
            return RETIRED
        return DEPLOYED if self.current else self.versions[-1].state if self.versions else DRAFT

    def noted(self, event: str) -> Record:
        """With one more event."""
        return replace(self, events=(*self.events, f"{now()} {event}"))


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
            read = json.loads(file.read_text(encoding="utf-8"))
            return Record(
                read["name"], read["current"], read["retired"], tuple(Version(**v) for v in read["versions"]), tuple(read["events"])
            )
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
            raise DataError(f"product {name!r} has no version {number}: it has {_numbers(record)}")
        return folder

    def manifest(self, name: str, number: int | None = None) -> dict[str, Any]:
        """Of a version, as `version` finds it. Raises `DataError`."""
        file = self.version(name, number) / MANIFEST
        try:
            return json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"{file} cannot be read: {error}") from None

    def add(self, name: str, state: str, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> int:
        """Keep a new version, and its number; one that is `deployed` takes the place of the one before. Raises `DataError`."""
        with self._locked(name) as record:
            number = max((version.number for version in record.versions), default=0) + 1
            with replace_folder(self.folder / name / str(number)) as folder:
                for file, data in files.items():
                    (folder / file).write_bytes(data)
                text = json.dumps({"name": name, "version": number, "state": state, **manifest}, ensure_ascii=False, indent=1)
                (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
            record = replace(record, versions=(*record.versions, Version(number, state, now())))
            if state == DEPLOYED:
                record = replace(record, current=number, retired=False)
            self._write(record.noted(f"version {number}: {state}"))
        return number

    def rollback(self, name: str, to: int | None = None) -> int:
        """Deploy an earlier version again, by default the one deployed before. Raises `ConfigError` when there is none."""
        with self._locked(self.record(name).name) as record:
            deployed = [version.number for version in record.versions if version.state == DEPLOYED]
            earlier = [number for number in deployed if record.current is None or number < record.current]
            chosen = to if to is not None else (earlier[-1] if earlier else None)
            if chosen not in deployed or not (self.folder / name / str(chosen)).is_dir():
                what = "no earlier version" if chosen is None else f"no deployed version {chosen}"
                raise ConfigError(f"product {name!r} has {what}: deployed were {', '.join(map(str, deployed)) or 'none'}")
            self._write(replace(record, current=chosen, retired=False).noted(f"rolled back from version {record.current} to {chosen}"))
        return chosen

    def retire(self, name: str) -> None:
        """It is deployed no more; its versions are kept."""
        with self._locked(self.record(name).name) as record:
            self._write(replace(record, current=None, retired=True).noted("retired"))

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
        known = {str(version.number) for version in record.versions}
        for path in folder.iterdir():
            if path.name.startswith(_UNFINISHED) or (path.is_dir() and path.name not in known):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def _write(self, record: Record) -> None:
        write_text(self.folder / record.name / RECORD, json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n")


def checked_name(name: str) -> str:
    """The name, when it may be one of a product. Raises `ConfigError`."""
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot be the name of a product: small letters, digits, - and _, at most 64, such as sales-by-region")
    return name


def _numbers(record: Record) -> str:
    return ", ".join(str(version.number) for version in record.versions) or "none"
