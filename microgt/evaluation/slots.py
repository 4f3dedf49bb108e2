"""The parts of a spec, so that one answer can be nearer to gold than another that is wrong too.

Each slot holds the parts that all query blocks together have of it; those of a nested query count as such. Both specs must be in
their one form (`microgt.spec.canonical`); names for the same output then stand for what they name.

    measure    aggregates and what is computed from them     path    tables, keys named, set operations
    dimension  other outputs, keys, DISTINCT                 window  running totals, changes, shares, ranks
    time       time buckets, parts of dates, periods         sort    sort keys in their order, limits
    filter     conditions, each of an AND                    chart   mark and axes; the other views
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from microgt.evaluation.results import SlotCount
from microgt.spec.types import (
    And,
    Answer,
    Chart,
    Col,
    DateDiff,
    DatePart,
    Edit,
    Forecast,
    InPeriod,
    Link,
    Node,
    NumberView,
    Rows,
    Select,
    SetOperation,
    Spec,
    Through,
    TimeBucket,
    Window,
)
from microgt.spec.walk import Query, block, children, has_measure, settled, within, without_refs

Part = tuple[str, str]
_TIME = TimeBucket | DatePart | DateDiff


class Slot(StrEnum):
    """A kind of part."""

    MEASURE = "measure"
    DIMENSION = "dimension"
    TIME = "time"
    FILTER = "filter"
    PATH = "path"
    WINDOW = "window"
    SORT = "sort"
    CHART = "chart"


def compare_slots(gold: Spec, predicted: Spec | None, charts: bool = True) -> dict[str, SlotCount]:
    """For each slot that either has parts in, how many both have, and each. charts: whether the prediction could say how to show it."""
    wanted = Counter(parts(gold))
    given = wanted if predicted == gold else Counter(parts(predicted) if predicted is not None else ())
    found = {}
    for slot in Slot:
        ours, theirs = ({part: n for part, n in side.items() if part[0] == slot} for side in (wanted, given))
        if (ours or theirs) and (charts or slot is not Slot.CHART):
            both = (Counter(ours) & Counter(theirs)).total()
            found[str(slot)] = SlotCount(both=both, gold=sum(ours.values()), predicted=sum(theirs.values()))
    return found


def parts(spec: Spec) -> Iterator[Part]:
    """(slot, text) of each part of an answer, or of the answer that an edit leads to; other specs have none."""
    if isinstance(spec, Edit):
        spec = spec.answer
    if isinstance(spec, Answer):
        yield from _query(spec.query, "")
        yield from ((Slot.CHART, text) for text in _view(spec.view, _outputs(spec.query)))


def _query(query: Query, level: str) -> Iterator[Part]:
    """level: empty, or a mark for each query around this one."""
    if isinstance(query, SetOperation):
        yield Slot.PATH, level + query.op
        yield from _query(query.left, level)
        yield from _query(query.right, level)
        yield from _order(query, _outputs(query), level)
        return
    yield from ((slot, level + text) for slot, text in _select(without_refs(query)))
    yield from _order(query, _outputs(query), level)
    for nested in _nested(query):
        yield from _query(nested, level + ">")


def _select(select: Select) -> Iterator[Part]:
    """The parts of one block but for its order."""
    for output in dict.fromkeys([*select.outputs, *select.by]):
        yield _kind(output), _text(output)
    windows = [node for output in select.outputs for node in within(output) if isinstance(node, Window)]
    yield from ((Slot.MEASURE, _text(window.of)) for window in windows if not isinstance(window.of, Window))
    if select.distinct:
        yield Slot.DIMENSION, "distinct"
    for condition in [
        *_conjuncts(select.where),
        *_conjuncts(settled(select.having, select.outputs, inside=True) if select.having else None),
    ]:
        in_time = any(isinstance(node, InPeriod) for node in within(condition))
        yield Slot.TIME if in_time else Slot.FILTER, _text(condition)
    yield from ((Slot.PATH, text) for text in sorted(_path(select)))


def _kind(output: Node) -> Slot:
    if any(isinstance(node, Window) for node in within(output)):
        return Slot.WINDOW
    if has_measure(output):
        return Slot.MEASURE
    return Slot.TIME if any(isinstance(node, _TIME) for node in within(output)) else Slot.DIMENSION


def _conjuncts(condition: Node | None) -> Iterator[Node]:
    if isinstance(condition, And):
        for arg in condition.args:
            yield from _conjuncts(arg)
    elif condition is not None:
        yield condition


def _path(select: Select) -> set[str]:
    """Tables that rows come from, keys and links that are named, what becomes of rows without a partner."""
    found = {
        f"{name} {value}" for name, value in (("orphans", select.orphans), ("empty_groups", select.empty_groups)) if value != _DEFAULT[name]
    }
    for node in block(select):
        if isinstance(node, Col):
            found |= {node.column.rpartition(".")[0], *(f"via {key}" for key in node.via)}
        elif isinstance(node, Rows | Through):
            found.add(node.table)
        elif isinstance(node, Link):
            found.add(" = ".join(sorted((node.left, node.right))))
    return found


_DEFAULT = {name: Select.model_fields[name].default for name in ("orphans", "empty_groups")}


def _order(query: Query, outputs: Sequence[Node], level: str) -> Iterator[Part]:
    for place, key in enumerate(query.sort):
        yield Slot.SORT, f"{level}{place} {_text(settled(key, outputs, inside=True))}"
    if query.limit is not None:
        yield Slot.SORT, level + _text(settled(query.limit, outputs, inside=True))


def _view(view: Node, outputs: Sequence[Node]) -> Iterator[str]:
    """What is shown how; a table is what everything else falls back to and no part."""
    if isinstance(view, Chart):
        yield f"mark {view.mark}"
        axes = {"x": view.x, "y": None if view.mark == "histogram" else view.y, "color": view.color}
        yield from (f"{name} {_text(settled(ref, outputs, inside=True))}" for name, ref in axes.items() if ref is not None)
    elif isinstance(view, Forecast):
        yield from (f"forecast {_text(settled(view.of, outputs, inside=True))}", f"horizon {_text(view.horizon)}", f"level {view.level}")
    elif isinstance(view, NumberView):
        yield "number"


def _outputs(query: Query) -> Sequence[Node]:
    while isinstance(query, SetOperation):
        query = query.left
    return without_refs(query).outputs


def _nested(node: Node) -> Iterator[Query]:
    """The queries directly below."""
    for _, child in children(node):
        if isinstance(child, Query):
            yield child
        else:
            yield from _nested(child)


def _text(thing: object) -> str:
    """A part as text; a nested query is a part of its own."""
    if isinstance(thing, Query):
        return "query"
    if isinstance(thing, Node):
        return f"{type(thing).__name__}({', '.join(_text(value) for name, value in thing.__dict__.items() if name != 'kind')})"
    if isinstance(thing, tuple):
        return f"[{', '.join(map(_text, thing))}]"
    return repr(thing)
