"""Questions that a database can answer, to begin with: a total, a trend, a ranking, parts of a whole, an average.

They are made of the schema alone, the same each time; only those stay whose spec runs and has something to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from microgt.data.generator.profile import Dimension, Profile, plural
from microgt.errors import MicrogtError
from microgt.evaluation.execution import Engine
from microgt.schema.types import ColumnType, Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.json import read_spec
from microgt.spec.types import Aggregate, Answer, Col, Rows, TimeBucket

MOST = 6
_TOP = 5
_PARTS = 8  # of a donut that can be read
_TABLES = 4
Kind = Literal["total", "trend", "top", "share", "average"]


@dataclass(frozen=True)
class Suggestion:
    """A question with the spec that answers it."""

    kind: Kind
    question: str
    spec: Answer


@dataclass(frozen=True)
class _Measure:
    words: str
    node: Aggregate


def suggestions(schema: Schema, engine: Engine, most: int = MOST) -> list[Suggestion]:
    """At most so many, of as many kinds and tables as there are."""
    profile = Profile(schema)
    made = [s for table in _facts(profile) for s in _of_table(profile, table)]
    before = [sum(other.kind == s.kind for other in made[:i]) for i, s in enumerate(made)]
    found: dict[str, Suggestion] = {}
    for _, suggestion in sorted(zip(before, made, strict=True), key=lambda pair: pair[0]):  # one of each kind, then the second of each
        if len(found) == most:
            break
        if suggestion.question not in found and _shows_something(suggestion, schema, engine):
            found[suggestion.question] = suggestion
    return list(found.values())


def _facts(profile: Profile) -> list[str]:
    """Tables that things are counted in: those with dates, numbers and parents first."""
    schema = profile.schema

    def worth(table: str) -> tuple[int, int]:
        own = {c.id for c in schema.table(table).columns}
        dated = any(d.column.table == table for d in profile.dates(table))
        return dated + bool(_numbers(profile, table)), sum(key.column in own for key in schema.keys)

    return sorted((t.name for t in schema.tables), key=worth, reverse=True)[:_TABLES]


def _numbers(profile: Profile, table: str) -> list[str]:
    return [c.id for c in profile.numeric(table) if profile.interest(c) >= 1]


def _of_table(profile: Profile, table: str) -> Iterator[Suggestion]:
    rows = plural(" ".join(profile.schema.table(table).words))
    count = _Measure(f"number of {rows}", Aggregate(fn="count", of=Rows(table=table)))
    numbers = [_Measure(f"total {_words(profile, c)}", Aggregate(fn="sum", of=Col(column=c))) for c in _numbers(profile, table)]
    main = numbers[0] if numbers else count
    categories = [d for d in profile.categories(table) if not d.col.via]
    known = {d.column.id: len(profile.schema.values.get(d.column.id, ())) for d in categories}
    few, listed = [d for d in categories if 2 <= known[d.column.id] <= _PARTS], [d for d in categories if known[d.column.id] > _TOP]
    many = listed or [d for d in categories if d.column.type is ColumnType.TEXT and not known[d.column.id]]  # too many to be listed
    yield _suggestion("total", _capital(main.words), [main.node], view={"kind": "number"})
    for dimension in profile.dates(table)[:1]:
        yield _trend(profile.schema, dimension, main)
    for dimension in many[:1]:
        yield _top(dimension, main)
    for dimension in few[:1]:
        question = f"{_capital(count.words)} by {dimension.names[0]} as a donut chart"
        yield _suggestion("share", question, [dimension.col, count.node], view=_chart("donut"))
    for column, dimension in zip(_numbers(profile, table), few or many, strict=False):
        question = f"Average {_words(profile, column)} by {dimension.names[0]}"
        yield _suggestion("average", question, [dimension.col, Aggregate(fn="avg", of=Col(column=column))], view=_chart("bar"))
    yield _suggestion("total", _capital(count.words), [count.node], view={"kind": "number"})


def _trend(schema: Schema, dimension: Dimension, measure: _Measure) -> Suggestion:
    grain = _grain(schema.ranges.get(dimension.column.id))
    bucket = TimeBucket(grain=grain, of=dimension.col)
    return _suggestion("trend", f"{_capital(measure.words)} by {grain} as a line chart", [bucket, measure.node], view=_chart("line"))


def _top(dimension: Dimension, measure: _Measure) -> Suggestion:
    sort = [{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 1}}]
    clauses = {"sort": sort, "limit": {"kind": "limit", "n": _TOP}}
    question = f"Top {_TOP} {plural(dimension.names[0])} by {measure.words}"
    return _suggestion("top", question, [dimension.col, measure.node], view=_chart("barh"), **clauses)


def _grain(reach: tuple[str, str] | None) -> Any:
    """Of a trend that can be read. Without known dates by the month."""
    try:
        days = (date.fromisoformat(reach[1][:10]) - date.fromisoformat(reach[0][:10])).days if reach else 365
    except ValueError:
        days = 365
    return "day" if days < 21 else "week" if days < 90 else "month" if days < 5 * 365 else "year"


def _suggestion(kind: Kind, question: str, outputs: Sequence[Any], view: dict[str, Any], **clauses: Any) -> Suggestion:
    spec = read_spec({"query": {"outputs": list(outputs), **clauses}, "view": view})
    assert isinstance(spec, Answer)
    return Suggestion(kind, question, spec)


def _chart(mark: str) -> dict[str, Any]:
    return {"kind": "chart", "mark": mark}


def _words(profile: Profile, column: str) -> str:
    return " ".join(profile.schema.column(column).words)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _shows_something(suggestion: Suggestion, schema: Schema, engine: Engine) -> bool:
    """A number that is known and not zero, or at least two groups with one."""
    try:
        if check(suggestion.spec, schema):
            return False
        table = engine.run(compile_spec(suggestion.spec, schema))
    except MicrogtError:
        return False
    known = [row for row in table.rows if row[-1] not in (None, 0) and row[0] is not None]
    return len(known) >= (1 if suggestion.kind == "total" else 2)
