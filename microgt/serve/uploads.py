"""Files that a page sends, each kept as a table in the folder of its database."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from microgt.engine.database import Database
from microgt.errors import DataError, MicrogtError
from microgt.serve.databases import Databases
from microgt.serve.placing import placed
from microgt.serve.problems import Refusal

ENDINGS = (".csv", ".tsv", ".parquet")  # no packed ones: of them one cannot see how large they become
LONGEST = 60  # characters of a name


@dataclass(frozen=True)
class Upload:
    """A file that becomes the table `table` of `db`. given: the name under which it was sent."""

    given: str
    db: str
    table: str
    ending: str
    replace: bool

    @classmethod
    def named(cls, file: str, db: str | None, replace: bool) -> Upload:
        """Names of letters, digits and _ only. Raises `Refusal` for another kind of file."""
        stem, ending = os.path.splitext(file)
        if ending.lower() not in ENDINGS:
            message = f"{file!r} is no file of a known kind: send CSV, TSV or Parquet"
            raise Refusal(422, "E_FILE_KIND", message, where="file", choices=ENDINGS)
        table = cleaned(stem, "table")
        return cls(file, cleaned(db, "database") if db else table, table, ending.lower(), replace)

    def refuse_taken(self, databases: Databases) -> None:
        """Raises `Refusal` when the file would take the place of another without being told to, or of a database that was not sent."""
        if self.db not in databases.paths:
            return
        if not databases.is_uploaded(self.db):
            raise Refusal(409, "E_EXISTS", f"the database {self.db!r} is no uploaded one: choose another name", where="db")
        known = [path.name for path in databases.paths[self.db].iterdir() if path.stem.lower() == self.table.lower()]
        if known and not self.replace:
            message = f"the database {self.db!r} has the table {self.table!r} already: replace it, or choose another name"
            raise Refusal(409, "E_EXISTS", message, where="file")

    def place(self, temporary: Path, databases: Databases, open_: Callable[[Path], Database]) -> Database:
        """Put the file in its place, open the database and serve it. Raises `Refusal` when that fails: all is as before then."""
        self.refuse_taken(databases)  # another may have come first
        assert databases.uploads is not None
        folder = databases.uploads / self.db
        folder.mkdir(exist_ok=True)
        before = [path for path in folder.iterdir() if path.stem.lower() == self.table.lower()]
        target = folder / f"{self.table}{self.ending}"
        try:
            with placed(temporary, target, before):
                database = open_(folder)
        except MicrogtError as error:
            raise Refusal(422, "E_FILE", str(error).replace(str(target), self.given), where="file") from None
        databases.add(self.db, folder)
        return database


def cleaned(name: str, fallback: str) -> str:
    """A name of letters, digits and _, from the last part of a path."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    return re.sub(r"\W+", "_", last).strip("_")[:LONGEST].rstrip("_") or fallback


@asynccontextmanager
async def received(chunks: AsyncIterator[bytes], folder: Path) -> AsyncIterator[Path]:
    """A temporary file in `folder` with all that comes. Raises `Refusal` when nothing does, and `DataError` when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".receiving-")
    except OSError as error:
        raise DataError(f"cannot write {folder}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            async for chunk in chunks:
                file.write(chunk)
            size = file.tell()
        if not size:
            raise Refusal(422, "E_FILE", "the file is empty")
        os.chmod(name, 0o644)
        yield Path(name)
    except OSError as error:
        raise DataError(f"cannot write {folder}: {error.strerror}") from None
    finally:
        Path(name).unlink(missing_ok=True)
