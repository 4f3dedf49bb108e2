"""A spec as one plain English sentence."""

from __future__ import annotations

from collections.abc import Sequence

from microgt.schema.types import Schema
from microgt.spec.types import (
    Answer,
    Chart,
    Clarify,
    Col,
    Edit,
    Forecast,
    Node,
    NumberView,
    Rows,
    Spec,
    TableView,
    Unanswerable,
)
from microgt.spec.walk import walk
from microgt.spec.words_of_queries import Words, listed

_REASONS = {
    "no_column": "no column of the database holds what is asked",
    "no_value": "a value that is asked for is not in the database",
    "no_path": "no keys connect the tables that are needed",
    "out_of_scope": "it is no question about the data",
}
_MARKS = {"barh": "horizontal bar chart", "stacked": "stacked bar chart", "grouped": "grouped bar chart", "scatter": "scatter plot"}
_MARKS |= {"histogram": "histogram", "heatmap": "heatmap"}


def in_words(spec: Spec, schema: Schema) -> str:
    """The sentence. Raises `SpecError` when it names an id that the schema does not have."""
    match spec:
        case Unanswerable():
            return f"This cannot be answered: {_REASONS[spec.reason]}."
        case Clarify():
            readings = [f"({i}) {_answer(reading, schema)}" for i, reading in enumerate(spec.readings, 1)]
            return f"This can mean {listed(readings, 'or')}."
        case Edit():
            return f"Instead: {_answer(spec.answer, schema)}."
    text = _answer(spec, schema)
    return f"{text[0].upper()}{text[1:]}."


def _answer(answer: Answer, schema: Schema) -> str:
    words = Words(schema, several_tables([answer], schema))
    text = words.query(answer.query)
    if isinstance(answer.view, TableView):
        return text
    return f"{text}, {'with' if isinstance(answer.view, Forecast) else 'as'} {view(answer.view, words.shown_by(answer.query))}"


def view(node: Node, say: Words) -> str:
    """What shows a result."""
    match node:
        case NumberView():
            return "one number"
        case Chart():
            return _chart(node, say)
        case Forecast():
            return _forecast(node, say)
    return "a table"


def _forecast(view: Forecast, say: Words) -> str:
    n = view.horizon.value
    periods = "period" if n == 1 else f"{n} periods"
    return f"a forecast of {say.of(view.of)} for the next {periods} (in {view.level}% of cases within the band)"


def _chart(chart: Chart, say: Words) -> str:
    """The mark, and the axes that are not the first two outputs."""
    mark = _MARKS.get(chart.mark, f"{chart.mark} chart")
    refs = {"x": chart.x, "y": chart.y, "color": chart.color}
    axes = [f"{axis} is {say.of(ref)}" for axis, ref in refs.items() if ref and ref != Chart.model_fields[axis].default]
    return f"{'an' if mark[0] in 'aeiou' else 'a'} {mark}" + (f" ({', '.join(axes)})" if axes else "")


def several_tables(specs: Sequence[Spec], schema: Schema) -> bool:
    """Whether columns must be said with their table."""
    nodes = [node for spec in specs for _, node in walk(spec)]
    tables = {schema.column(n.column).table for n in nodes if isinstance(n, Col)}
    return len(tables | {n.table for n in nodes if isinstance(n, Rows)}) > 1
