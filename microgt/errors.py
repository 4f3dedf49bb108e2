"""Every error a user can meet. The text says what is wrong, where, and what the choices are.

MicrogtError                      exit status 2 unless said otherwise
├── DataError                     a file, database or question set that cannot be used
├── ConfigError                   an override or option that is not known or has the wrong type
├── CheckpointError               a checkpoint that is missing, damaged or of another version
├── ExportError                   an export that does not say what its origin says                     exit status 1
├── ContractBroken                a product whose rows do not keep what was promised                   exit status 1
├── MissingExtra                  a verb needs an optional dependency; names the extra
├── SpecError                     a spec that is not right: code, place, given, choices
│   ├── CompileError              ... found while compiling to SQL
│   └── ImportSqlError            SQL that has no spec: reason, line, column
├── GrammarError                  a tree that has no action sequence here (an id or a value without a node), or the reverse
├── InsufficientData              a series that does not bear a forecast: how much is missing
├── EngineError                   the engine refused or failed a query
│   ├── QueryTimeout              the deadline passed and the worker was killed
│   └── RowLimit                  more rows than the cap
└── NotAnswerable                 the question cannot be answered from this database      exit status 3
    ├── Unanswered                ... as the model says: its spec, with the reason
    ├── CannotRefine              ... changed in the way that was asked for: why, and choices
    └── SeveralReadings           ... before one of its readings is chosen
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any


class MicrogtError(Exception):
    """Base of all errors with a message meant for the user."""

    exit_status = 2


class DataError(MicrogtError):
    """A file, database or question set that cannot be used."""


class ConfigError(MicrogtError):
    """An override or option that is not known or has the wrong type."""


class CheckpointError(MicrogtError):
    """A checkpoint that is missing, damaged or of another version."""


class ExportError(MicrogtError):
    """An exported model that does not say what its origin says."""

    exit_status = 1


class ContractBroken(MicrogtError):
    """A product whose rows do not keep what was promised. broken: each way in which they do not."""

    exit_status = 1

    def __init__(self, name: str, broken: Sequence[str]):
        super().__init__(f"{name} breaks its contract and is not deployed: {'; '.join(broken)}")
        self.broken = tuple(broken)


class MissingExtra(MicrogtError):
    """A verb needs an optional dependency."""

    def __init__(self, what: str, extra: str):
        super().__init__(f"{what} needs the extra '{extra}': pip install 'microgt[{extra}]'")
        self.extra = extra


class SpecError(MicrogtError):
    """A spec that is not right.

    code: stable name such as `E_UNKNOWN_ID`. place: JSON pointer into the spec, or line and column of SQL. given: the offending value.
    choices: what would have been accepted, nearest first.
    """

    def __init__(self, code: str, message: str, *, place: str = "", given: object = None, choices: Iterable[str] = ()):
        self.code, self.place, self.given, self.choices = code, place, given, tuple(choices)
        where = f" at {place}" if place else ""
        super().__init__(f"{code}{where}: {message}")


class CompileError(SpecError):
    """A spec that was accepted by its types and cannot be compiled for this schema."""


class ImportSqlError(SpecError):
    """SQL that has no spec. `code` is the reason, such as `correlated`.

    node: the part of the SQL's tree that is refused. line, column: of its first word, from 1; 0 where that is not known.
    """

    def __init__(
        self, code: str, message: str, *, node: Any = None, at: tuple[int, int] = (0, 0), given: object = None, choices: Iterable[str] = ()
    ):
        self.message, self.node, (self.line, self.column) = message, node, at
        super().__init__(code, message, place=f"line {at[0]}, column {at[1]}" if at[0] else "", given=given, choices=choices)

    def placed(self, line: int, column: int) -> ImportSqlError:
        """The same error at a place."""
        return ImportSqlError(self.code, self.message, node=self.node, at=(line, column), given=self.given, choices=self.choices)


class GrammarError(MicrogtError):
    """A tree without an action sequence in this scope, or actions that are no tree."""


class InsufficientData(MicrogtError):
    """A series that does not bear a forecast. The text says how much is missing."""


class EngineError(MicrogtError):
    """The engine refused or failed a query."""


class QueryTimeout(EngineError):
    """The deadline passed and the worker was killed."""


class RowLimit(EngineError):
    """More rows than the cap allows."""


class NotAnswerable(MicrogtError):
    """The question cannot be answered from this database."""

    exit_status = 3


class Unanswered(NotAnswerable):
    """The model says that there is no answer. spec: `Unanswerable` with its reason. words: the reason and what is missing."""

    def __init__(self, words: str, spec: Any):
        super().__init__(words)
        self.words, self.spec = words, spec


class CannotRefine(NotAnswerable):
    """An answer cannot be changed in the way that the words ask for. choices: what can be said in their place, when that is known."""

    def __init__(self, why: str, choices: Iterable[str] = ()):
        self.choices = tuple(choices)
        super().__init__(f"{why}; choices: {', '.join(self.choices)}" if self.choices else why)


class SeveralReadings(NotAnswerable):
    """The question can mean several things. readings: the answer to each, of which one is to be chosen by its number from 1.

    spec: `Clarify` of these readings. words: all of them in one sentence. dropped: why others could not be run.
    """

    def __init__(self, words: str, spec: Any, readings: Sequence[Any], dropped: Sequence[str] = ()):
        self.words, self.spec, self.readings, self.dropped = words, spec, tuple(readings), tuple(dropped)
        super().__init__(f"the question has {len(self.readings)} readings: choose one by its number, {self.numbers}")

    @property
    def numbers(self) -> str:
        """`1, 2 or 3`."""
        *first, last = map(str, range(1, len(self.readings) + 1))
        return f"{', '.join(first)} or {last}"

    def chosen(self, number: int) -> Any:
        """The answer to a reading. Raises `ConfigError` for a number that is none of them."""
        if not 1 <= number <= len(self.readings):
            raise ConfigError(f"there is no reading {number}: choose {self.numbers}")
        return self.readings[number - 1]


def did_you_mean(name: str, choices: Iterable[str], n: int = 3) -> str:
    """`; did you mean 'revenue'?`, or the choices when none is near, or '' when there are none."""
    names = sorted(set(choices))
    near = difflib.get_close_matches(name.lower(), [c.lower() for c in names], n=n, cutoff=0.6)
    found = [c for low in near for c in names if c.lower() == low]
    if found:
        return f"; did you mean {' or '.join(repr(c) for c in dict.fromkeys(found))}?"
    return f"; choices: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}" if names else ""
