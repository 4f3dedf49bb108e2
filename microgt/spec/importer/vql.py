"""VQL -> spec: SQL that shows x and y, how x is binned, and the kind of chart (Luo et al. 2021, nvBench).

The chart's data are one query: a bin takes the place of its column and groups the rows; what a grouped chart is coloured by is its third
output. Where a grouped chart shows no measure, each row is a mark, and its GROUP BY only says the colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from microgt.errors import ImportSqlError
from microgt.schema.types import ColumnType, Schema
from microgt.spec.importer import import_sql
from microgt.spec.importer.statements import no_sql
from microgt.spec.types import Answer, Chart, Ref

_COLOR: Any = Ref(output=2)
_CHARTS: dict[str, Chart] = {
    "Bar": Chart(mark="bar"),
    "Pie": Chart(mark="pie"),
    "Line": Chart(mark="line"),
    "Scatter": Chart(mark="scatter"),
    "Stacked Bar": Chart(mark="stacked", color=_COLOR),
    "Grouping Line": Chart(mark="line", color=_COLOR),
    "Grouping Scatter": Chart(mark="scatter", color=_COLOR),
}
# What comes back every year, week or day is a part of the date; the others are spans of time.
_PARTS = {"QUARTER": "QUARTER", "MONTH": "MONTH", "WEEKDAY": "ISODOW", "HOUR": "HOUR"}
_SPANS = ("YEAR", "WEEK", "DAY")


@dataclass(frozen=True, slots=True)
class Bin:
    """A column cut into units of time."""

    column: str
    unit: str


@dataclass(frozen=True, slots=True)
class Vql:
    """A chart: its kind, the SELECT of its x and y, and the bin of one of them."""

    kind: str
    sql: str
    bin: Bin | None = None


def import_vql(vql: Vql, schema: Schema, dialect: str = "duckdb") -> Answer:
    """The spec of a chart. Raises `ImportSqlError` chart, bin, color, and as `import_sql`."""
    view, spec = _chart(vql), import_sql(chart_sql(vql, schema, dialect), schema, dialect)
    assert isinstance(spec, Answer)
    return spec.model_copy(update={"view": view})


def _chart(vql: Vql) -> Chart:
    if vql.kind not in _CHARTS:
        raise ImportSqlError("chart", f"no chart {vql.kind!r}; charts: {', '.join(_CHARTS)}", given=vql.kind, choices=_CHARTS)
    return _CHARTS[vql.kind]


def chart_sql(vql: Vql, schema: Schema, dialect: str = "duckdb") -> str:
    """The SQL of what a chart shows: x, y and the colour, with its bin applied. Raises as `import_vql`."""
    grouped = _chart(vql).color is not None
    if not (vql.bin or grouped):
        return vql.sql
    try:
        query = sqlglot.parse_one(vql.sql, read=dialect)
    except SqlglotError as error:
        raise no_sql(error, vql.sql) from None
    if not isinstance(query, exp.Select):
        raise ImportSqlError("bin" if vql.bin else "color", "a set operation is neither binned nor coloured")
    keys = list(query.args["group"].expressions) if query.args.get("group") else []
    color = _color(query, keys) if grouped else None
    if vql.bin:
        keys = _binned(query, keys, vql.bin, schema)
    if color is not None:
        query.select(color.copy(), copy=False)
    query.set("group", exp.Group(expressions=keys) if keys and _measures(query) else None)
    return query.sql(dialect)


def _measures(query: exp.Select) -> bool:
    """Whether rows are aggregated, be it only to sort or to choose groups."""
    beside = (query.args[part] for part in ("having", "order") if query.args.get(part))
    return any(part.find(exp.AggFunc) for part in (*query.selects, *beside))


# ------------------------------------------------------------------ colour


def _color(query: exp.Select, keys: list[exp.Expr]) -> exp.Expr:
    """The first key that is not shown."""
    color = next((key for key in keys if not any(_same(key, shown) for shown in query.selects)), None)
    if color is None:
        raise ImportSqlError("color", "a grouped chart is coloured by a key of GROUP BY that it does not show, and there is none")
    return color


def _same(one: exp.Expr, other: exp.Expr) -> bool:
    """The same expression, names without regard to case and to where they are qualified."""
    one, other = one.unalias(), other.unalias()
    if isinstance(one, exp.Column) and isinstance(other, exp.Column):
        owners = {c.table.lower() for c in (one, other) if c.table}
        return one.name.lower() == other.name.lower() and len(owners) < 2
    return one == other


# ------------------------------------------------------------------ bins


def _binned(query: exp.Select, keys: list[exp.Expr], by: Bin, schema: Schema) -> list[exp.Expr]:
    """The query with the bin in place of its column where this is shown or sorts; returns the keys, the bin among them."""
    column = exp.to_column(by.column)
    shown = next((o for o in query.selects if isinstance(o, exp.Column) and _same(o, column)), None)
    if shown is None:
        raise ImportSqlError("bin", f"{by.column} is binned and not shown", given=by.column)
    cut = _cut(shown.copy(), by.unit, _kind(shown, query, schema))
    order = query.args.get("order")
    for place in (*query.selects, *(o.this for o in (order.expressions if order else ()))):
        if _same(place, shown):
            place.replace(cut.copy())
    return [*(key for key in keys if not _same(key, column)), cut]


def _kind(column: exp.Column, query: exp.Select, schema: Schema) -> ColumnType:
    """The type of a column by its name, which in SQL that is not ambiguous is enough."""
    tables = {t.name.lower() for t in query.find_all(exp.Table)}
    columns = (c for t in schema.tables if t.name.lower() in tables for c in t.columns)
    return next((c.type for c in columns if c.name.lower() == column.name.lower()), ColumnType.OTHER)


def _cut(column: exp.Column, unit: str, kind: ColumnType) -> exp.Expr:
    """A column cut into units. A number cut into years is a year."""
    units = (*_SPANS, *_PARTS)
    if unit not in units:
        raise ImportSqlError("bin", f"no unit of time {unit!r}; units: {', '.join(units)}", given=unit, choices=units)
    if kind is ColumnType.NUMBER and unit == "YEAR":
        return column
    moment = column if kind is ColumnType.TIME else exp.cast(column, "TIMESTAMP")
    if unit in _PARTS:
        return exp.Extract(this=exp.var(_PARTS[unit]), expression=moment)
    start = exp.TimestampTrunc(this=moment, unit=exp.var(unit))
    return exp.cast(start, "DATE")
