"""What can stand in the slots of a rule, apart from periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from microgt.graph import ValueNode
from microgt.refine.filters import OfColumn
from microgt.refine.groups import Columns, Grain, Key, Part
from microgt.refine.patterns import matches
from microgt.refine.periods import UNITS
from microgt.refine.said import Said

_ADVERBS = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year",
}  # fmt: skip
_MARKS = {
    "bar": "bar", "bars": "bar", "column": "bar", "columns": "bar", "line": "line", "lines": "line", "area": "area", "scatter": "scatter",
    "donut": "donut", "doughnut": "donut", "ring": "donut", "pie": "pie", "histogram": "histogram", "heatmap": "heatmap",
    "stacked": "stacked", "grouped": "grouped", "points": "scatter",
}  # fmt: skip
_LONG_MARKS: dict[tuple[str, ...], str] = {
    ("horizontal", "bar"): "barh", ("horizontal", "bars"): "barh", ("stacked", "bar"): "stacked", ("stacked", "bars"): "stacked",
    ("grouped", "bar"): "grouped", ("grouped", "bars"): "grouped", ("heat", "map"): "heatmap", ("scatter", "plot"): "scatter",
}  # fmt: skip
_FUNCTIONS = {
    "total": "sum", "sum": "sum", "average": "avg", "mean": "avg", "avg": "avg", "median": "median", "minimum": "min", "min": "min",
    "maximum": "max", "max": "max", "count": "count", "smallest": "min", "largest": "max", "lowest": "min", "highest": "max",
}  # fmt: skip
_SIDES: tuple[tuple[str, Any], ...] = (
    ("above|over|> ", "gt"), ("more|greater|higher|larger than", "gt"), ("below|under|<", "lt"), ("less|lower|smaller|fewer than", "lt"),
    ("at least", "ge"), ("at most", "le"), ("> =", "ge"), ("< =", "le"), ("equal to", "eq"), ("exactly|=", "eq"),
)  # fmt: skip
_WITHOUT = (
    "without",
    "exclude",
    "excluding",
    "except",
    "but not",
    "not",
    "no",
    "leave out",
    "drop",
    "remove",
    "other than",
    "minus",
    "omit",
)


def column(said: Said, at: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """A column by its name: all that can be meant."""
    yield from said.names(at)


def rows(said: Said, at: int) -> Iterator[tuple[int, str]]:
    """A table by its name."""
    yield from said.tables(at)


def values(said: Said, at: int) -> Iterator[tuple[int, OfColumn]]:
    """`Berlin`, `Berlin and Paris`, `region north`, `north region`: values that one column holds, the most of them first."""
    after_name = [(end, set(columns)) for end, columns in said.names(at)]
    for start, columns in [(at, None), *after_name]:
        found = list(_lists(said, start, columns))
        yield from reversed(found)


def _lists(said: Said, at: int, columns: set[str] | None) -> Iterator[tuple[int, OfColumn]]:
    """Longer and longer lists of values."""
    held: dict[str, tuple[Any, ...]] | None = None
    while True:
        step = next(iter(_value(said, at, columns)), None)
        if step is None:
            return
        at, new = step
        held = new if held is None else {c: (*held[c], *new[c]) for c in held if c in new}
        if not held:
            return
        yield at, OfColumn(tuple(held.items()))
        for end, named in said.names(at):
            if kept := {c: v for c, v in held.items() if c in named}:
                yield end, OfColumn(tuple(kept.items()))
        if at < len(said.words) and said.words[at] in ("and", "or"):
            at += 1


def _value(said: Said, at: int, columns: set[str] | None) -> Iterator[tuple[int, dict[str, tuple[Any, ...]]]]:
    for end, cells in said.values(at):
        held = _by_column(said, cells)
        kept = {c: v for c, v in held.items() if columns is None or c in columns}
        if kept:
            yield end, kept


def _by_column(said: Said, cells: tuple[ValueNode, ...]) -> dict[str, tuple[Any, ...]]:
    """Of several spellings in one column the surest."""
    found: dict[str, tuple[Any, ...]] = {}
    for cell in sorted(cells, key=lambda v: -v.score):
        for place in cell.columns:
            found.setdefault(said.graph.columns[place], (cell.value,))
    return found


def exclusion(said: Said, at: int) -> Iterator[tuple[int, OfColumn]]:
    """`without refunds`, `not Berlin`."""
    for words in _WITHOUT:
        for end, _ in matches(f"{words} for|in|from? any|the|all? ", said, at, {}):
            yield from values(said, end)


def dimension(said: Said, at: int) -> Iterator[tuple[int, Key]]:
    """What groups are of: a period, a part of a date, a column."""
    for end, _ in matches("day of the? week", said, at, {}):
        yield end, Part("weekday_name")
    for end, _ in matches("weekday|weekdays", said, at, {}):
        yield end, Part("weekday_name")
    for end, _ in matches("hour of the? day", said, at, {}):
        yield end, Part("hour")
    for end, _ in matches("month of the? year", said, at, {}):
        yield end, Part("month")
    if at < len(said.words) and said.words[at].removesuffix("s") in UNITS:
        grain = said.words[at].removesuffix("s")
        yield at + 1, Grain(grain)
        for end, _ in matches("of the?", said, at + 1, {}):
            yield from ((last, Grain(grain, columns)) for last, columns in said.names(end))
    yield from ((end, Columns(columns)) for end, columns in said.names(at))


def grain(said: Said, at: int) -> Iterator[tuple[int, Key]]:
    """`monthly`."""
    if at < len(said.words) and said.words[at] in _ADVERBS:
        yield at + 1, Grain(_ADVERBS[said.words[at]])


def mark(said: Said, at: int) -> Iterator[tuple[int, str]]:
    """The mark of a chart."""
    if said.words[at : at + 2] in _LONG_MARKS:
        yield at + 2, _LONG_MARKS[said.words[at : at + 2]]
    if at < len(said.words) and said.words[at] in _MARKS:
        yield at + 1, _MARKS[said.words[at]]


def aggregate(said: Said, at: int) -> Iterator[tuple[int, str]]:
    """The function of a measure."""
    if at < len(said.words) and said.words[at] in _FUNCTIONS:
        yield at + 1, _FUNCTIONS[said.words[at]]


def number(said: Said, at: int) -> Iterator[tuple[int, int | float]]:
    """A number."""
    yield from said.numbers(at)


def side(said: Said, at: int) -> Iterator[tuple[int, Callable[[Any], tuple[Any, Any]]]]:
    """The side of a number, as a function that puts the two together."""
    for pattern, op in _SIDES:
        for end, _ in matches(pattern, said, at, {}):
            yield end, lambda given, op=op: (op, given)
