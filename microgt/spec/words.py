"""A spec as one plain English sentence."""

from __future__ import annotations

from collections.abc import Sequence

from microgt.errors import SpecError
from microgt.schema.types import Schema
from microgt.spec.english import listed, sentence
from microgt.spec.types import (
    Aggregate,
    Answer,
    Chart,
    Clarify,
    Col,
    Edit,
    Forecast,
    Link,
    Node,
    NumberView,
    Rows,
    Spec,
    TableView,
    TimeBucket,
    Unanswerable,
)
from microgt.spec.walk import has_measure, walk
from microgt.spec.words_of_queries import Words

_REASONS = {
    "no_column": "no column of the database holds what is asked",
    "no_value": "a value that is asked for is not in the database",
    "no_path": "no keys connect the tables that are needed",
    "out_of_scope": "it is not a question about the data",
}
_MARKS = {"barh": "horizontal bar chart", "stacked": "stacked bar chart", "grouped": "grouped bar chart", "scatter": "scatter plot"}
_MARKS |= {"histogram": "histogram", "heatmap": "heatmap"}


def in_words(spec: Spec, schema: Schema) -> str:
    """The sentence. Raises `SpecError` when it names an id that the schema does not have, or an output that there is not."""
    try:
        return _in_words(spec, schema)
    except IndexError:  # of outputs, which are the only places that a spec gives by number
        raise SpecError("E_REF", "the spec names an output that there is not") from None


def _in_words(spec: Spec, schema: Schema) -> str:
    match spec:
        case Unanswerable():
            return f"This cannot be answered: {_REASONS[spec.reason]}."
        case Clarify():
            qualified = several_tables(spec.readings, schema)
            readings = [f"({i}) {_answer(reading, Words(schema, qualified))}" for i, reading in enumerate(spec.readings, 1)]
            return f"This can mean {listed(readings, 'or')}."
        case Edit():
            return f"Instead: {_answer(spec.answer, Words(schema, several_tables([spec.answer], schema)))}."
    return sentence(_answer(spec, Words(schema, several_tables([spec], schema))))


def _answer(answer: Answer, words: Words) -> str:
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
    n, period = view.horizon.value, next((o.grain for o in say.outputs if isinstance(o, TimeBucket)), "period")
    next_ones = f"{period}" if n == 1 else f"{n} {period}s"
    return f"a forecast of {say.of(view.of)} for the next {next_ones}, in a band that holds {view.level}% of cases"


def _chart(chart: Chart, say: Words) -> str:
    """The mark, and the axes that are not the first dimension and the first measure."""
    mark = _MARKS.get(chart.mark, f"{chart.mark} chart")
    dimensions, measures = ([o for o in say.outputs if has_measure(o) is of_groups] for of_groups in (False, True))
    x, y = (dimensions[0], measures[0]) if dimensions and measures else (*say.outputs, None, None)[:2]
    refs = {"x": chart.x, "y": None if chart.mark == "histogram" else chart.y, "color": chart.color}
    shown = {axis: say.outputs[ref.output] for axis, ref in refs.items() if ref}
    axes = [f"{axis} is {say.of(output)}" for axis, output in shown.items() if output != {"x": x, "y": y}.get(axis)]
    return f"{'an' if mark[0] in 'aeiou' else 'a'} {mark}" + (f" ({', '.join(axes)})" if axes else "")


def several_tables(specs: Sequence[Spec], schema: Schema) -> bool:
    """Whether columns must be said with their table."""
    nodes = [node for spec in specs for _, node in walk(spec)]
    tables = {schema.column(n.column).table for n in nodes if isinstance(n, Col)}
    tables |= {schema.column(column).table for n in nodes if isinstance(n, Link) for column in (n.left, n.right)}
    tables |= {n.table for n in nodes if isinstance(n, Rows)} | {n.at for n in nodes if isinstance(n, Aggregate) and n.at}
    return len(tables) > 1
