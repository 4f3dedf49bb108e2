"""Descriptions of organisations: `domains/NAME.txt`, whose form is told here.

    # clinic: a private clinic
    patient; patients, clients; patient, client               a kind of table; names of the table; what a row is called
        person full_name, name; name                           kind of column, its names; what people call it; more by kind
        choice sex, gender; sex; F, M                          ... its values
        int    visits; visits, number of visits; 0-30          ... its range; so `money`, `percent` and `score`
        date   joined_on, join_date; joining date; joined      ... what happened then; so `later`, `time` and `born`
        text   notes; note; called back | wants a refund       ... its texts
        code   file_no; file number; F-####                    ... its form, # a digit
        link   doctor as referrer                              a key to a table above, perhaps with a role

`title`, with values, `person` and `company` name the rows; `city`, `country`, `email` and `flag` need no more. `date` is when a row
began and `later` what happened to it since, if it did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from microgt.errors import DataError

Kind = Literal[
    "person", "company", "title", "code", "email", "city", "country", "choice", "flag", "int", "money", "percent", "score", "date", "later",
    "time", "born", "text", "link",
]  # fmt: skip
NAMING = ("person", "company", "title")  # kinds of column that name a row
DATES = ("date", "later", "time", "born")
_MORE = {"title", "code", "choice", "int", "money", "percent", "score", "date", "later", "time", "born", "text"}  # kinds with a third part


@dataclass(frozen=True)
class Field:
    """A column. names: alternatives. called: by people. more: values, texts, verbs or a range, by kind. target: of a link."""

    kind: Kind
    names: tuple[str, ...]
    called: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    target: str = ""

    @property
    def range(self) -> tuple[int, int]:
        """The ends of what numbers lie between."""
        low, _, high = self.more[0].partition("-")
        return int(low), int(high)


@dataclass(frozen=True)
class Entity:
    """A kind of table. nouns: for one row."""

    name: str
    tables: tuple[str, ...]
    nouns: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Domain:
    """A description."""

    name: str
    entities: tuple[Entity, ...]


def domains() -> list[str]:
    """The names of all descriptions."""
    return sorted(file.stem for file in _folder().glob("*.txt"))


@cache
def read_domain(name: str) -> Domain:
    """One description. Raises `DataError` with the line that is wrong."""
    return parse_domain(name, (_folder() / f"{name}.txt").read_text(encoding="utf-8"))


def _folder() -> Path:
    return Path(__file__).parent / "domains"


def parse_domain(name: str, text: str) -> Domain:
    """A description from its text. Raises `DataError` with the line that is wrong."""
    found: list[tuple[list[str], list[Field]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if line[0].isspace():
                found[-1][1].append(_field(line.strip(), [head[0] for head, _ in found[:-1]]))
            else:
                entity, tables, nouns = (part.strip() for part in line.split(";"))
                found.append(([entity, tables, nouns], []))
        except (ValueError, IndexError) as error:
            raise DataError(f"{name}.txt:{number}: {error}: {line.strip()}") from None
    return Domain(name, tuple(Entity(e, _several(t), _several(n), tuple(fields)) for (e, t, n), fields in found))


def _field(line: str, above: list[str]) -> Field:
    kind, _, rest = line.partition(" ")
    if kind not in get_args(Kind):
        raise ValueError(f"no kind of column {kind!r}; choices: {', '.join(get_args(Kind))}")
    if kind == "link":
        target, _, role = rest.strip().partition(" as ")
        if target not in above:
            raise ValueError(f"no table {target!r} above; choices: {', '.join(above)}")
        return Field("link", (role.strip(),) if role else (), target=target)
    parts = [part.strip() for part in rest.split(";")]
    if len(parts) != 2 + (kind in _MORE):
        raise ValueError(f"{kind} has {2 + (kind in _MORE)} parts")
    more = parts[2] if kind in _MORE else ""
    field = Field(cast(Kind, kind), _several(parts[0]), _several(parts[1]), _several(more, "|" if kind == "text" else ","))
    if kind in ("int", "money", "percent", "score") and not re.fullmatch(r"\d+-\d+", more):
        raise ValueError(f"{more!r} is no range")
    return field


def _several(text: str, mark: str = ",") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())
