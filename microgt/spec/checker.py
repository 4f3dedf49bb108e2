"""Is a spec right for a schema? Everything short of running it."""

from __future__ import annotations

from microgt.errors import CompileError, SpecError
from microgt.schema.types import Schema
from microgt.spec.compiler.compile import to_sqlglot
from microgt.spec.compiler.structure import output_count, structure_errors
from microgt.spec.types import Aggregate, Answer, Arithmetic, Chart, Node, NumberView, Select, SetOperation, Spec, Unanswerable, Value
from microgt.spec.walk import has_measure

_ADDITIVE = ("count", "sum")


def check(spec: Spec, schema: Schema) -> list[SpecError]:
    """What is wrong with a spec, in the order of the tree; empty when it is accepted. Places are JSON pointers into the spec."""
    if isinstance(spec, Unanswerable):
        return []
    errors = [_moved(error) for error in structure_errors(spec.query, schema)]
    if errors:
        return errors
    try:
        to_sqlglot(spec.query, schema)
    except SpecError as error:
        errors.append(_moved(error))
    return errors + _view_errors(spec)


def _moved(error: SpecError) -> SpecError:
    """The error with its place under `/query`."""
    message = str(error).partition(": ")[2]
    return CompileError(error.code, message, place=f"/query{error.place}", given=error.given, choices=error.choices)


def _view_errors(answer: Answer) -> list[SpecError]:
    view, count = answer.view, output_count(answer.query)
    if isinstance(view, NumberView) and count != 1:
        return [SpecError("E_VIEW", f"a number shows one output, and there are {count}", place="/view", given=count)]
    if not isinstance(view, Chart):
        return []
    refs = {"x": view.x, "y": view.y, **({"color": view.color} if view.color else {})}
    if view.mark == "histogram":  # counts the values of x itself
        del refs["y"]
    errors = [
        SpecError("E_REF", f"there is no output {ref.output}; outputs: 0 to {count - 1}", place=f"/view/{name}", given=ref.output)
        for name, ref in refs.items()
        if ref.output >= count
    ]
    return errors or _shape_errors(answer.query, view)


def _shape_errors(query: Select | SetOperation, chart: Chart) -> list[SpecError]:
    """Parts of a whole need one dimension and a measure whose parts add up to the whole."""
    if chart.mark not in ("donut", "pie") or isinstance(query, SetOperation):
        return []
    if output_count(query) != 2 or chart.x.output == chart.y.output:
        message = f"a {chart.mark} shows one dimension (x) and one measure (y): two outputs, not {output_count(query)}"
        return [SpecError("E_CHART_SHAPE", message, place="/view", given=chart.mark)]
    if has_measure(query.outputs[chart.x.output]):
        message = f"x of a {chart.mark} is a dimension, and output {chart.x.output} is a measure"
        return [SpecError("E_CHART_SHAPE", message, place="/view/x", given=chart.x.output)]
    if not _adds_up(query.outputs[chart.y.output]):
        message = (
            f"the parts of a {chart.mark} add up to a whole: only counts and sums do, not averages, ratios, differences or distinct counts"
        )
        return [SpecError("E_CHART_SHAPE", message, place="/view/y", given=chart.y.output, choices=_ADDITIVE)]
    return []


def _adds_up(measure: Node) -> bool:
    """Can the groups' values be added? Plain values can: they are rows of their own."""
    if isinstance(measure, Aggregate):
        return measure.fn in _ADDITIVE
    if isinstance(measure, Arithmetic) and has_measure(measure):
        if measure.op == "add":
            return _adds_up(measure.left) and _adds_up(measure.right)
        return measure.op in ("mul", "div") and _adds_up(measure.left) and isinstance(measure.right, Value)
    return not has_measure(measure) and not isinstance(measure, Value)
