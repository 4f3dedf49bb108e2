"""Spans of time, most of them relative to an anchor."""

from __future__ import annotations

from typing import Literal

from microgt.spec.types.expressions import Value
from microgt.spec.types.node import Grain, Node, union


class Previous(Node):
    """The last whole unit before the one that holds the anchor: last year."""

    kind: Literal["previous"] = "previous"
    unit: Grain


class This(Node):
    """The unit that holds the anchor: this year."""

    kind: Literal["this"] = "this"
    unit: Grain


class Last(Node):
    """The n units that end with the anchor's own unit: the last 3 months."""

    kind: Literal["last"] = "last"
    unit: Grain
    n: Value


class ToDate(Node):
    """From the start of the anchor's unit to the anchor: year to date."""

    kind: Literal["to_date"] = "to_date"
    unit: Grain


class At(Node):
    """A named period: "2023", "2023-03", "March 2023", "March", "Q2 2023", "H1 2023", "2023-03-01"."""

    kind: Literal["at"] = "at"
    value: Value


class Absolute(Node):
    """From `start` to `end`, both named periods, both included."""

    kind: Literal["absolute"] = "absolute"
    start: Value
    end: Value


Period = union(Previous, This, Last, ToDate, At, Absolute)
