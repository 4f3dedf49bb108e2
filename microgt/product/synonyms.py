"""Words of one's own for tables, columns and values, from a file beside the database: `shop.synonyms.yaml` for `shop.duckdb`.

    turnover: orders.amount                  # a column
    client: customers                        # a table
    southerners: {customers.region: south}   # a value

They are exchanged in the question before anything is linked, singular or plural alike, and not within quotes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from microgt.errors import DataError, SpecError, did_you_mean
from microgt.graph.words import Words, split_words, stem
from microgt.schema.load import stamp_of
from microgt.schema.types import Schema

ENDING = ".synonyms.yaml"


class Synonym(NamedTuple):
    """words: in the file. meaning: as it is told. text: what stands for them in the question."""

    words: str
    meaning: str
    text: str

    @property
    def stems(self) -> tuple[str, ...]:
        """By which the words are known."""
        return tuple(stem(word) for word in split_words(self.words).words)


class Retold(NamedTuple):
    """A question in the words of the database. notes: what was exchanged, and which entries of the file are wrong."""

    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """Those of one database. wrong: entries that mean nothing in it, each with the reason."""

    entries: tuple[Synonym, ...] = ()
    wrong: tuple[str, ...] = field(default=())

    def retold(self, question: str) -> Retold:
        """The question with what stands for its words, the longest first."""
        words, parts, notes = split_words(question), [], []
        at = end = 0
        while at < len(words.words):
            found = self._at(words, at)
            if found is None:
                at += 1
                continue
            synonym, after = found
            parts += [question[end : words.spans[at][0]], synonym.text]
            notes.append(f"{words.original(at, after)!r} read as {synonym.meaning}")
            at, end = after, words.spans[after - 1][1]
        return Retold("".join([*parts, question[end:]]), (*dict.fromkeys(notes), *self.wrong))

    def _at(self, words: Words, at: int) -> tuple[Synonym, int] | None:
        if any(start <= at < end for (start, end), _ in words.quoted):
            return None
        fits = [s for s in self.entries if tuple(map(stem, words.words[at : at + len(s.stems)])) == s.stems]
        best = max(fits, key=lambda s: len(s.stems), default=None)
        return (best, at + len(best.stems)) if best else None


class SynonymFiles:
    """Reads each file once for each of its states."""

    def __init__(self):
        self._known: dict[Path, tuple[str, Schema, Synonyms]] = {}

    def of(self, db: str | Path, schema: Schema) -> Synonyms:
        """The synonyms of a database; none without a file. A file that cannot be read is one wrong entry."""
        file = synonyms_file(db)
        if not file.is_file():
            return Synonyms()
        stamp = stamp_of([file])
        known = self._known.get(file)
        if known is None or known[0] != stamp or known[1] is not schema:
            known = self._known[file] = (stamp, schema, _read(file, schema))
        return known[2]


def synonyms_file(db: str | Path) -> Path:
    """Where the synonyms of a database are."""
    path = Path(db).resolve()
    return path.with_name(f"{path.name if path.is_dir() else path.stem}{ENDING}")


def read_synonyms(file: Path, schema: Schema) -> Synonyms:
    """The synonyms in a file. Raises `DataError` when it is not readable as such."""
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{file.name} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(given, dict | None):
        raise DataError(f"{file.name} is no list of `word: table.column`")
    entries, wrong = [], []
    for words, target in (given or {}).items():
        try:
            entries.append(_entry(str(words), target, schema))
        except (DataError, SpecError) as error:
            said = str(error).partition(": ")[2] if isinstance(error, SpecError) else str(error)
            wrong.append(f"{file.name}: {str(words)!r} is left out: {said}")
    return Synonyms(tuple(entries), tuple(wrong))


def _read(file: Path, schema: Schema) -> Synonyms:
    try:
        return read_synonyms(file, schema)
    except DataError as error:
        return Synonyms(wrong=(str(error),))


def _entry(words: str, target: Any, schema: Schema) -> Synonym:
    if not split_words(words).words:
        raise DataError("it has no words")
    match target:
        case str() if target in {t.name for t in schema.tables}:
            return Synonym(words, target, " ".join(schema.table(target).words))
        case str() if "." in target:
            return Synonym(words, target, _named(target, schema))
        case str():
            choices = [c.id for c in schema.columns if c.name == target] or [t.name for t in schema.tables]
            raise DataError(f"there is no table {target!r}{did_you_mean(target, choices)}")
        case dict() if len(target) == 1:
            ((column, value),) = target.items()
            return _value(words, str(column), value, schema)
    raise DataError(f"{target!r} is neither a table, nor table.column, nor {{table.column: value}}")


def _named(column_id: str, schema: Schema) -> str:
    """A column in words, with its table's where another column has the same name."""
    column = schema.column(column_id)
    alone = sum(other.words == column.words for other in schema.columns) == 1
    return " ".join(column.words if alone else (*schema.table(column.table).words, *column.words))


def _value(words: str, column: str, value: Any, schema: Schema) -> Synonym:
    known = schema.values.get(schema.column(column).id, ())
    if known and str(value) not in known:
        raise DataError(f"{column} has no value {str(value)!r}{did_you_mean(str(value), known)}")
    return Synonym(words, f"{column} = {value}", str(value))
