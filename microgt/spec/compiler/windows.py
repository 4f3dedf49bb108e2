"""A block with windows: groups, complete periods, windows layer by layer, then what is shown.

Time windows, and what they stand on, come before the range; shares and ranks after it; `having` comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from microgt.spec.compiler.expressions import expression
from microgt.spec.compiler.layers import CompileBlock, Layers, named
from microgt.spec.compiler.names import output_names
from microgt.spec.compiler.ordering import add_order
from microgt.spec.compiler.overall import overall_sql, parts_of
from microgt.spec.compiler.periods import in_range
from microgt.spec.compiler.predicates import predicate
from microgt.spec.compiler.scope import Context, Scope, source_of
from microgt.spec.compiler.spine import add_complete_periods
from microgt.spec.compiler.window_functions import Timeline, window_sql
from microgt.spec.conditions import conjuncts
from microgt.spec.types import And, InPeriod, Node, Overall, Select, TimeBucket, TimeWindow, Window
from microgt.spec.walk import group_keys, windows_of, within


def windowed_sql(node: Select, context: Context, compile_block: CompileBlock) -> exp.Select:
    """The SQL of a block with windows, its references settled. Raises `CompileError`."""
    windows = windows_of(node)
    timed = [w for w in windows if any(isinstance(outer, TimeWindow) and w in within(outer) for outer in windows)]
    timeline = _timeline(group_keys(node)) if timed else None
    ranges, inside = _ranges(node, timeline)
    parts = parts_of(windows, Scope(context, source=source_of(node, context.schema)))
    layers = Layers(inside, context, compile_block, windows, parts)
    if timeline:
        add_complete_periods(layers, timeline.bucket)
        _add_windows(layers, timed, timeline, [])
    shown = [in_range(r, expression(timeline.bucket, layers.scope), timeline.bucket.grain, layers.scope) for r in ranges if timeline]
    shown = _add_windows(layers, [w for w in windows if w not in timed], timeline, shown)
    return _show(node, layers, shown, context)


def _timeline(keys: Sequence[Node]) -> Timeline:
    (bucket,) = (k for k in keys if isinstance(k, TimeBucket))
    return Timeline(bucket, tuple(k for k in keys if k != bucket))


def _ranges(node: Select, timeline: Timeline | None) -> tuple[list[InPeriod], Select]:
    """The periods that are shown, and the block without these conditions: those on the bucket's column."""
    if timeline is None:
        return [], node
    parts = conjuncts(node.where)
    ranges = [p for p in parts if isinstance(p, InPeriod) and p.of == timeline.bucket.of]
    rest = [p for p in parts if p not in ranges]
    where = None if not rest else rest[0] if len(rest) == 1 else And.model_construct(args=tuple(rest))
    return ranges, node.model_copy(update={"where": where})


def _sql(window: Window, layers: Layers, timeline: Timeline | None) -> exp.Expr:
    return overall_sql(window, layers.scope) if isinstance(window, Overall) else window_sql(window, layers.keys, timeline, layers.scope)


def _add_windows(layers: Layers, windows: list[Window], timeline: Timeline | None, shown: list[exp.Expr]) -> list[exp.Expr]:
    """A layer for each depth of nesting; the first reads only what is `shown`. Returns the conditions that no layer has taken."""
    for wave in _waves(windows):
        layers.extend("windowed", {w: _sql(w, layers, timeline) for w in wave}, shown)
        shown = []
    return shown


def _waves(windows: list[Window]) -> Iterator[list[Window]]:
    """Windows that stand on no other first, then those that stand on them, and so on."""
    waiting = list(windows)
    while waiting:
        ready = [w for w in waiting if not any(other in waiting for other in within(w.of))]
        yield ready
        waiting = [w for w in waiting if w not in ready]


def _show(node: Select, layers: Layers, shown: list[exp.Expr], context: Context) -> exp.Select:
    scope, names = layers.scope, output_names(node, context.schema)
    outputs = [named(expression(o, scope), n) for o, n in zip(node.outputs, names, strict=True)]
    query = layers.read().select(*outputs, append=True, copy=False)
    having = [predicate(node.having, scope)] if node.having else []
    return add_order(query.where(*shown, *having, copy=False), node, names, scope)
