"""Totals of words: text that reads as numbers can be added up, as in SQLite; of other text a total is NULL, which is no answer."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.errors import SpecError
from microgt.schema.types import Column, ColumnType, Schema
from microgt.spec.types import Aggregate, Arithmetic, Col, Node, Ratio, Spec
from microgt.spec.walk import walk

ENOUGH = 0.9  # of the known values: as many are numbers in text that a profile calls numbers
SHOWN, MOST_NAMED = 2, 6
_OF_NUMBERS = ("sum", "avg", "median", "percentile")


def refuse_words(spec: Spec, schema: Schema) -> None:
    """Raise `SpecError` E_TYPE when numbers are computed from a column of words. Without known values it is let be."""
    for place, node in walk(spec):
        for step, what, of in _operands(node):
            if isinstance(of, Col) and (words := _words_in(schema.column(of.column), schema)):
                raise _error(place + step, what, schema.column(of.column), words, schema)


def _operands(node: Node) -> Iterator[tuple[str, str, Node]]:
    """(step, operation, operand) of what has to be a number."""
    match node:
        case Aggregate() if node.fn in _OF_NUMBERS:
            yield "/of", node.fn, node.of
        case Arithmetic():
            yield from (("/left", "arithmetic", node.left), ("/right", "arithmetic", node.right))
        case Ratio():
            yield from (("/numerator", "a ratio", node.numerator), ("/denominator", "a ratio", node.denominator))


def _words_in(column: Column, schema: Schema) -> list[str]:
    """Values of a text column that are no numbers, when these are too many."""
    known = schema.values.get(column.id, ()) if column.type is ColumnType.TEXT else ()
    words = [value for value in known if not _is_number(value)]
    return words if len(words) > (1 - ENOUGH) * len(known) else []


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return not text.strip()  # blank text is as good as none
    return True


def _error(place: str, what: str, column: Column, words: list[str], schema: Schema) -> SpecError:
    keys = {key.column for key in schema.keys}
    numbers = [c.id for c in schema.table(column.table).columns if c.type is ColumnType.NUMBER and not c.primary and c.id not in keys][
        :MOST_NAMED
    ]
    instead = f"numbers of {column.table} are {', '.join(numbers)}" if numbers else f"{column.table} has no numbers: count its rows"
    shown = ", ".join(f"'{word}'" for word in words[:SHOWN])
    return SpecError(
        "E_TYPE", f"{what} needs numbers, and {column.id} is text such as {shown}; {instead}", place=place, given=column.id, choices=numbers
    )
