"""Complete periods: a row for each period from the first group to the end of the data, within each combination of the other keys.

The data ends with the last period that would have a group if there were no conditions, or at `as_of` if that is later: what a condition
picks out may have gone quiet before. A period without rows has zero for counts and totals, and no value for other measures. Groups
without a period are on no spine and are left out.
"""

from __future__ import annotations

from sqlglot import exp

from microgt.errors import CompileError
from microgt.spec.compiler.layers import Layers
from microgt.spec.compiler.periods import interval, last_period
from microgt.spec.compiler.scope import literal, name
from microgt.spec.measures import is_additive
from microgt.spec.types import Node, TimeBucket


def add_complete_periods(layers: Layers, bucket: TimeBucket) -> None:
    """Add the spine, and the groups with those of missing periods, to layers that end with the groups."""
    groups, columns = layers.last, layers.columns
    data = _data(layers, bucket)
    if data is not None:
        layers.add("data", data)
    layers.add("spine", _series(bucket, columns[bucket], groups, layers.last))
    others = [key for key in layers.keys if key != bucket]

    def column(node: Node, table: str) -> exp.Column:
        return exp.Column(this=name(columns[node]), table=name(table))

    query = exp.select(column(bucket, layers.last), *(column(key, "others") for key in others))
    query = query.select(*(_filled(m, column(m, groups), columns[m]) for m in layers.aggregates), copy=False)
    query = query.from_(exp.Table(this=name(layers.last)), copy=False)
    on = [exp.EQ(this=column(bucket, groups), expression=column(bucket, layers.last))]
    if others:
        found = exp.select(*(column(key, groups) for key in others)).from_(name(groups)).distinct()
        found = found.where(exp.Is(this=column(bucket, groups), expression=exp.Null()).not_())
        query = query.join(exp.Join(this=exp.Subquery(this=found, alias=exp.TableAlias(this=name("others"))), kind="CROSS"), copy=False)
        on += [exp.NullSafeEQ(this=column(key, groups), expression=column(key, "others")) for key in others]
    layers.add("complete", query.join(exp.Join(this=exp.Table(this=name(groups)), on=exp.and_(*on), side="LEFT"), copy=False))


def _data(layers: Layers, bucket: TimeBucket) -> exp.Query | None:
    """The periods up to the end of the data, when they may reach further than the groups."""
    period, groups = layers.columns[bucket], layers.last
    try:
        found = layers.without_conditions()
    except CompileError:  # the conditions decide how tables are joined
        found = None
    as_of = layers.context.as_of
    if as_of is None:
        return found
    source = exp.Table(this=name(groups)) if found is None else exp.Subquery(this=found, alias=exp.TableAlias(this=name("found")))
    known = exp.select(exp.Column(this=name(period), table=name(source.alias_or_name))).from_(source)
    return exp.Union(this=known, expression=exp.select(exp.alias_(last_period(bucket, as_of), name(period))), distinct=False)


def _series(bucket: TimeBucket, period: str, first: str, last: str) -> exp.Select:
    """SELECT every period. Its column is renamed outside, since dialects differ in what they call the column of a series."""
    ends = [
        exp.Subquery(this=exp.select(end(this=exp.Column(this=name(period), table=name(layer)))).from_(name(layer)))
        for end, layer in ((exp.Min, first), (exp.Max, last))
    ]
    array = exp.GenerateTimestampArray if bucket.grain == "hour" else exp.GenerateDateArray
    series = array(start=ends[0], end=ends[1], step=interval(1, bucket.grain))
    periods = exp.Unnest(expressions=[series], alias=exp.TableAlias(this=name("periods"), columns=[name("period")]))
    return exp.select(exp.alias_(exp.column("period"), name(period))).from_(periods)


def _filled(measure: Node, of: exp.Column, alias: str) -> exp.Expr:
    return exp.alias_(exp.Coalesce(this=of, expressions=[literal(0)]), name(alias)) if is_additive(measure) else of
