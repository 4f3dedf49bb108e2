"""Can a result be shown as its view says? What each chart needs, and what a forecast needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from microgt.errors import SpecError
from microgt.schema.types import ColumnType, Schema
from microgt.spec.compiler.kinds import kinds_of_outputs
from microgt.spec.compiler.mistakes import numbers_to
from microgt.spec.compiler.structure import output_count
from microgt.spec.measures import ADDITIVE, is_additive, may_be_negative
from microgt.spec.types import Answer, Chart, Col, DatePart, Forecast, Node, NumberView, Ref, SetOperation, TimeBucket, Value
from microgt.spec.walk import Query, has_measure, within, without_refs


class _Shown(NamedTuple):
    """The outputs of a query with their types. Those of a set operation are not known as measures: `nodes` is empty."""

    nodes: tuple[Node, ...]
    kinds: tuple[ColumnType, ...]
    schema: Schema

    def node(self, ref: Ref) -> Node | None:
        """An output, when it is known."""
        return self.nodes[ref.output] if self.nodes else None

    def is_measure(self, ref: Ref) -> bool:
        """Is the output known to be one?"""
        return bool(self.nodes) and has_measure(self.nodes[ref.output])

    def is_number(self, ref: Ref) -> bool:
        """Can its values be numbers? Text can be numbers, unless words are known among its values."""
        kind, node = self.kinds[ref.output], self.node(ref)
        if kind is not ColumnType.TEXT or node is None:
            return kind in (ColumnType.NUMBER, ColumnType.TEXT)
        columns = [n.column for n in within(node) if isinstance(n, Col)]
        return not isinstance(node, DatePart) and all(_is_numeric(text) for c in columns for text in self.schema.values.get(c, ()))

    def is_measured(self, ref: Ref) -> bool:
        """Can its values be numbers or dates?"""
        return self.kinds[ref.output] is ColumnType.TIME or self.is_number(ref)

    def those(self, hold: Callable[[Ref], bool]) -> list[str]:
        """The numbers of the outputs for which something holds, as choices."""
        return [str(i) for i in range(len(self.kinds)) if hold(Ref.model_construct(output=i))]

    def said(self, ref: Ref) -> str:
        """The type of an output in words."""
        kind = self.kinds[ref.output]
        return {ColumnType.TIME: "a date", ColumnType.BOOLEAN: "true or false"}.get(kind, str(kind))


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def adds_up(output: Node) -> bool:
    """Is the value of the whole the sum of those that are shown? Plain values add up: they are rows of their own."""
    return is_additive(output) if has_measure(output) else not isinstance(output, Value)


def view_errors(answer: Answer, schema: Schema) -> list[SpecError]:
    """What is wrong with the view of an answer whose query is right."""
    view, count = answer.view, output_count(answer.query)
    if isinstance(view, NumberView) and count != 1:
        message = f"a number shows one output, and there are {count}"
        return [SpecError("E_VIEW", message, place="/view", given=count, choices=("table", "chart"))]
    if not isinstance(view, Chart | Forecast):
        return []
    errors = [_no_output(name, ref, count) for name, ref in _refs(view).items() if ref.output >= count]
    if errors:
        return errors
    shown = _shown(answer.query, schema)
    return list(_forecast_errors(view, shown) if isinstance(view, Forecast) else _chart_errors(view, shown))


def _no_output(name: str, ref: Ref, count: int) -> SpecError:
    message = f"there is no output {ref.output}; outputs: 0 to {count - 1}"
    return SpecError("E_REF", message, place=f"/view/{name}", given=ref.output, choices=numbers_to(count))


def _shown(query: Query, schema: Schema) -> _Shown:
    nodes = () if isinstance(query, SetOperation) else without_refs(query).outputs
    return _Shown(nodes, kinds_of_outputs(query, schema), schema)


def _refs(view: Chart | Forecast) -> dict[str, Ref]:
    """The outputs that a view names. A histogram counts the values of x itself."""
    if isinstance(view, Forecast):
        return {"of": view.of}
    named = {"x": view.x, "y": view.y, "color": view.color}
    if view.mark == "histogram":
        del named["y"]
    return {name: ref for name, ref in named.items() if ref}


def _misshapen(message: str, axis: str, given: object, choices: Iterable[str] = ()) -> SpecError:
    return SpecError("E_CHART_SHAPE", message, place=f"/view{axis}", given=given, choices=choices)


# ------------------------------------------------------------------ charts


def _chart_errors(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    refs = [ref.output for ref in _refs(chart).values()]
    if len(set(refs)) < len(refs):
        yield _misshapen(f"the axes of a {chart.mark} chart are different outputs", "", chart.mark)
    else:
        yield from _SHAPES[chart.mark](chart, shown)


def _numeric(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """Length and height say numbers."""
    if not shown.is_number(chart.y):
        message = f"y of a {chart.mark} chart is a number, and output {chart.y.output} is {shown.said(chart.y)}"
        yield _misshapen(message, "/y", chart.y.output, shown.those(shown.is_number))


def _series(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """Bars beside each other, or on each other, are told apart by their color."""
    if chart.color is None:
        message = f"a {chart.mark} chart needs an output for color, by which its bars are split"
        yield _misshapen(message, "/color", chart.mark, _free(chart, shown))
    yield from _numeric(chart, shown)


def _free(chart: Chart, shown: _Shown) -> list[str]:
    """The numbers of the outputs that are on no axis."""
    taken = {ref.output for ref in _refs(chart).values()}
    return shown.those(lambda ref: ref.output not in taken)


def _stacked(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    yield from _series(chart, shown)
    yield from _whole(chart, shown)


def _parts(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """Parts of a whole: one dimension, and a measure that adds up to the whole."""
    if len(shown.kinds) != 2:
        message = f"a {chart.mark} shows one dimension (x) and one measure (y): two outputs, not {len(shown.kinds)}"
        yield _misshapen(message, "", chart.mark)
    elif shown.is_measure(chart.x):
        message = f"x of a {chart.mark} is a dimension, and output {chart.x.output} is a measure"
        yield _misshapen(message, "/x", chart.x.output, shown.those(lambda ref: not shown.is_measure(ref)))
    else:
        yield from list(_whole(chart, shown)) or _numeric(chart, shown)


def _whole(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """Values that add up and are not negative."""
    measure = shown.node(chart.y)
    if measure is None:
        return
    if not adds_up(measure):
        message = f"the parts of a {chart.mark} add up to a whole: only counts and sums do, not averages, ratios or distinct counts"
        yield _misshapen(message, "/y", chart.y.output, ADDITIVE)
    elif may_be_negative(measure):
        yield _misshapen(f"the parts of a {chart.mark} are not negative, and a difference can be", "/y", chart.y.output, ADDITIVE)


def _points(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """Points lie between two axes of numbers or dates."""
    for axis, ref in (("x", chart.x), ("y", chart.y)):
        if not shown.is_measured(ref):
            message = f"{axis} of a scatter plot is a number or a date, not {shown.said(ref)}"
            yield _misshapen(message, f"/{axis}", ref.output, shown.those(shown.is_measured))


def _counted(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """The values of x are counted."""
    if not shown.is_measured(chart.x):
        message = f"a histogram is of numbers or dates, not of {shown.said(chart.x)}; for others there is bar"
        yield _misshapen(message, "/x", chart.x.output, ("bar",))


def _cells(chart: Chart, shown: _Shown) -> Iterator[SpecError]:
    """Two dimensions, and a number as shade: it stands at y or at color."""
    if chart.color is None:
        yield _misshapen("a heatmap has x, y and color: two dimensions and a number", "/color", chart.mark, _free(chart, shown))
    elif not (shown.is_number(chart.y) or shown.is_number(chart.color)):
        yield _misshapen("y or color of a heatmap is a number", "/color", chart.color.output, shown.those(shown.is_number))


_SHAPES: dict[str, Callable[[Chart, _Shown], Iterator[SpecError]]] = {
    "bar": _numeric,
    "barh": _numeric,
    "line": _numeric,
    "area": _numeric,
    "grouped": _series,
    "stacked": _stacked,
    "donut": _parts,
    "pie": _parts,
    "scatter": _points,
    "histogram": _counted,
    "heatmap": _cells,
}


# ------------------------------------------------------------------ forecasts


def _forecast_errors(view: Forecast, shown: _Shown) -> Iterator[SpecError]:
    buckets = [str(i) for i, node in enumerate(shown.nodes) if isinstance(node, TimeBucket)]
    horizon = view.horizon.value

    def continues(ref: Ref) -> bool:
        return shown.is_measure(ref) and shown.kinds[ref.output] is ColumnType.NUMBER

    if len(buckets) != 1:
        message = f"a forecast continues the one time bucket that is shown, and there are {len(buckets) or 'none'}"
        yield SpecError("E_FORECAST_NEEDS_TIME", message, place="/view", given=len(buckets), choices=buckets)
    if not continues(view.of):
        message = f"a forecast is of a measure that is a number, and output {view.of.output} is none"
        yield SpecError("E_TYPE", message, place="/view/of", given=view.of.output, choices=shown.those(continues))
    if isinstance(horizon, bool) or not isinstance(horizon, int) or horizon < 1:
        message = f"a forecast is for a whole number of periods from 1 on, not {horizon!r}"
        yield SpecError("E_HORIZON", message, place="/view/horizon", given=horizon)
