"""People's questions asked as charts: what has a name and a number becomes a drawing, often in an order that one of its axes gives."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from typing import Literal, NamedTuple

from microgt.data.example import Example
from microgt.data.generator.phrases import MARKS
from microgt.schema.roles import Role, role_in
from microgt.schema.types import ColumnType, Schema
from microgt.spec import check
from microgt.spec.types import Aggregate, Answer, Chart, Col, Node, Ref, Rows, Select, Sort, TableView, TimeBucket
from microgt.spec.walk import has_measure, rebuilt_block

Direction = Literal["asc", "desc"]

_BEHIND = (
    "{q}, as a {c}", "{q}, in a {c}", "{q} with a {c}", "{q}? Show it as a {c}", "{q}? Draw a {c}", "{q}. Plot a {c} of this",
    "{q} on a {c}", "{q} and show them in a {c}", "{q}? Give me a {c}", "{q} using a {c}", "{q}. I want to see a {c}",
)  # fmt: skip
_BEFORE = (
    "A {c} of this: {q}", "Draw a {c}: {q}", "Plot as a {c}: {q}", "Use a {c} to answer: {q}", "As a {c}, {q}",
    "Make a {c} for the question: {q}",
)  # fmt: skip
_BY_AXIS = (
    ", sorted by the {a} {d}", ", order it by the {a} {d}", ", and sort the {a} {d}", ", with the {a} {d}", ", list the {a} {d}",
    " and rank by the {a} {d}", ", the {a} {d}", ", show it {d} by the {a}", ", {d} along the {a}",
)  # fmt: skip
_BY_NAME = (
    ", sorted by {n} {d}", ", order by the {n} {d}", " and sort the {n} {d}", ", {n} {d}", ", {d} by {n}", ", show {d} by the {n}",
)  # fmt: skip
_AXES = {
    "x": ("x-axis", "x axis", "X-axis", "X axis", "X"),
    "y": ("y-axis", "y axis", "Y-axis", "Y axis", "Y"),
}
_DIRECTIONS: dict[Direction, tuple[str, ...]] = {
    "asc": ("in ascending order", "ascending", "from low to high", "in asc order", "from lowest to highest", "in asc"),
    "desc": ("in descending order", "descending", "from high to low", "in desc order", "from highest to lowest", "in desc"),
}
_FIRST: dict[Direction, tuple[str, ...]] = {"asc": (", smallest first", ", lowest first"), "desc": (", largest first", ", highest first")}
_OF_TIME = {"trend", "time"}
_ALSO = {"bar": ("histogram",)}  # as it is called where a category is counted
_FUNCTIONS = {
    "count": ("number", "count", "total number"), "count_distinct": ("number", "count"), "sum": ("total", "sum"),
    "avg": ("average", "mean"), "min": ("minimum",), "max": ("maximum",), "median": ("median",),
}  # fmt: skip


class _Ordered(NamedTuple):
    query: Select
    words: str


class Charted:
    """A question whose answer is a name and a number asks for a chart of it. With probability `ordered` also for an order by one axis,
    where it asked for none. Others, and those cut off after some rows, stay as they are. The example has its spec."""

    def __init__(self, ordered: float = 0.6):
        self.ordered = ordered

    def __call__(self, example: Example, schema: Schema, rng: random.Random) -> Example:
        query = _drawable(example, schema)
        if query is None:
            return example
        order = _ordered(query, schema, rng) if not query.sort and rng.random() < self.ordered else _Ordered(query, "")
        marks = [mark for mark in _marks(query, bool(order.words)) if not check(_charted(order.query, mark), schema)]
        if not marks:
            return example
        mark = rng.choice(marks)
        question = _asked(example.question, _said(mark, rng), order.words, rng)
        return dataclasses.replace(example, question=question, spec=_charted(order.query, mark), sql=None)


def _drawable(example: Example, schema: Schema) -> Select | None:
    """The query with its name first and its number second."""
    spec = example.spec
    if not isinstance(spec, Answer) or not isinstance(spec.view, TableView) or not isinstance(spec.query, Select):
        return None
    query = spec.query
    measures = [has_measure(output) for output in query.outputs]
    if len(measures) != 2 or query.limit or all(measures):
        return None
    query = _turned(query) if measures[0] else query
    return query if any(measures) or _counts(query.outputs[1], schema) else None


def _counts(output: Node, schema: Schema) -> bool:
    """Whether a column's numbers can be heights, as those that name something cannot."""
    if not isinstance(output, Col):
        return False
    is_number = schema.column(output.column).type is ColumnType.NUMBER
    return is_number and role_in(schema, output.column) in (Role.QUANTITY, Role.GRADE)


def _turned(query: Select) -> Select:
    """With its two outputs the other way round."""

    def other(node: Node) -> Node:
        return Ref.model_validate({"output": 1 - node.output}) if isinstance(node, Ref) else node

    return rebuilt_block(query, other).model_copy(update={"outputs": query.outputs[::-1]})


def _charted(query: Select, mark: str) -> Answer:
    return Answer(query=query, view=Chart.model_validate({"mark": mark}))


def _marks(query: Select, by_axis: bool) -> Sequence[str]:
    if isinstance(query.outputs[0], TimeBucket):
        return ("line", "line", "bar", "area")
    if not has_measure(query.outputs[1]):
        return ("bar", "bar", "line", "scatter")
    return ("bar",) if by_axis else ("bar", "bar", "bar", "barh", "pie", "donut")  # which axis of barh is x depends on who is asked


def _ordered(query: Select, schema: Schema, rng: random.Random) -> _Ordered:
    place = rng.randrange(2)
    output = query.outputs[place]
    direction: Direction = rng.choice(("asc", "desc"))
    said, name = rng.choice(_DIRECTIONS[direction]), _name(output, schema, rng)
    forms = _BY_NAME if name and rng.random() < 0.4 else _BY_AXIS
    words = rng.choice(forms).format(a=rng.choice(_AXES["xy"[place]]), d=said, n=name)
    if place == 1 and rng.random() < 0.2:
        words = rng.choice(_FIRST[direction])
    key = output if isinstance(output, Col) else Ref.model_validate({"output": place})
    return _Ordered(query.model_copy(update={"sort": (Sort(direction=direction, by=key),)}), words)


def _name(output: Node, schema: Schema, rng: random.Random) -> str:
    """What an output is called; nothing where that is not to be said in a word or two."""
    match output:
        case Col(column=column):
            return " ".join(schema.column(column).words)
        case Aggregate(fn=fn, of=Col(column=column)) if fn in _FUNCTIONS and not fn.startswith("count"):
            return f"{rng.choice(_FUNCTIONS[fn])} {' '.join(schema.column(column).words)}"
        case Aggregate(fn=fn, of=Col() | Rows()) if fn in _FUNCTIONS:
            return rng.choice(_FUNCTIONS[fn])
    return ""


def _said(mark: str, rng: random.Random) -> str:
    """What it is called, behind "a" and of whatever is drawn."""
    called = (*MARKS[mark], *_ALSO.get(mark, ()))
    return rng.choice([words for words in called if not words.endswith("s") and not _OF_TIME & set(words.split())])


def _asked(question: str, chart: str, order: str, rng: random.Random) -> str:
    bare = question.strip().rstrip(" ?.!")
    if rng.random() < 0.25:
        bare = bare[0].lower() + bare[1:]
        return rng.choice(_BEFORE).format(q=bare, c=chart) + order + rng.choice(("", ".", "?"))
    return rng.choice(_BEHIND).format(q=bare, c=chart) + order + rng.choice(("", ".", "?"))
