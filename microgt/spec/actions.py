"""The decoder's steps: actions, which of them are legal, and what they can point at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, NamedTuple

from microgt.spec.types import Pointer, Scalar

MAX_ACTIONS = 96


class ActionKind(IntEnum):
    """What an action's index counts."""

    RULE = 0
    TABLE = 1
    COLUMN = 2
    VALUE = 3


KIND_OF = {Pointer.TABLE: ActionKind.TABLE, Pointer.COLUMN: ActionKind.COLUMN, Pointer.VALUE: ActionKind.VALUE}


class Action(NamedTuple):
    """One decoding step: a rule id, or an index into the scope's tables, columns or values."""

    kind: ActionKind
    index: int


class Legal(NamedTuple):
    """What may come next. Interned: equal sets are one object, so that masks can be cached by it."""

    rules: tuple[int, ...]
    pointers: frozenset[ActionKind]


@dataclass(frozen=True)
class Scope:
    """What pointers can name: ids of tables and columns, and literal values.

    holders: for each value, the positions of the columns that hold it; empty where any column may be compared with it. dates: positions of
    the columns that hold dates; where there are any, no other can be one.
    """

    tables: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[Scalar, ...] = ()
    holders: tuple[tuple[int, ...], ...] = ()
    dates: tuple[int, ...] = ()

    def strangers(self, column: int) -> list[int]:
        """Positions of the values that other columns hold and this one does not."""
        return [i for i, columns in enumerate(self.holders) if columns and column not in columns]

    @cached_property
    def undated(self) -> tuple[int, ...]:
        """Positions of the columns that cannot be a date."""
        return tuple(sorted(set(range(len(self.columns))) - set(self.dates))) if self.dates else ()

    @cached_property
    def index(self) -> dict[tuple[Pointer, Any], int]:
        """(pointer, id or normal form of a value) -> position; the first of equals wins."""
        found: dict[tuple[Pointer, Any], int] = {}
        for pointer, names in ((Pointer.TABLE, self.tables), (Pointer.COLUMN, self.columns)):
            for i, name in enumerate(names):
                found.setdefault((pointer, name), i)
        for form in _value_forms:
            for i, value in enumerate(self.values):
                found.setdefault((Pointer.VALUE, form(value)), i)
        return found

    def find_exact(self, value: Scalar) -> int | None:
        """The position of a value of that very type."""
        return self.index.get((Pointer.VALUE, _exact(value)))

    def find(self, pointer: Pointer, name: Scalar) -> int | None:
        """The position of an id or a value; values match exactly, then as numbers, then without regard to case."""
        if pointer is not Pointer.VALUE:
            return self.index.get((pointer, name))
        return next((i for form in _value_forms if (i := self.index.get((pointer, form(name)))) is not None), None)


def _exact(value: Scalar) -> tuple[str, Any]:
    return type(value).__name__, value


def _number(value: Scalar) -> tuple[str, Any]:
    try:
        return "number", float(value)
    except ValueError:
        return "", value


def _casefold(value: Scalar) -> tuple[str, Any]:
    return "text", str(value).casefold().strip()


_value_forms = (_exact, _number, _casefold)
