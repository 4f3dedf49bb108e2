"""Queries that a walk through the grammar seldom reaches: windows over time, and groups of what another query returns.

They are put together from the types: a field takes whatever may stand in it, so that a new window or period is drawn as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from microgt.schema.types import ColumnType
from microgt.spec import Answer, Select, Spec, check
from microgt.spec.compiler.kinds import kinds_of_outputs
from microgt.spec.rules import classes_in, fields_of
from microgt.spec.types import Aggregate, And, Bin, Col, DatePart, Inner, InPeriod, Node, TimeBucket, Value, Window
from microgt.spec.types.periods import Period
from microgt.spec.walk import walk
from tests.spec.databases import PERIODS, Database, databases
from tests.spec.strategies import accepted, answers, measures, pruned, random_spec, specs

WINDOWS, PERIOD_TYPES = classes_in(Window), classes_in(Period)
QUERY = {"Spec": (Answer,), "Answer.query": (Select,)}
DATES = (ColumnType.TIME, ColumnType.TIME, ColumnType.TEXT)


def filled(rng: Random, cls: type[Node], values: Sequence[Any], **places: Sequence[Node]) -> Any:
    """A node whose fields take a member, some of the `places` of their name, or a value."""
    fields: dict[str, Any] = {}
    for shape in fields_of(cls):
        if shape.members:
            fields[shape.name] = rng.choice(shape.members)
        elif shape.lengths:
            most = min(len(places[shape.name]), shape.lengths[1])
            fields[shape.name] = tuple(rng.sample(places[shape.name], rng.randint(0, most)))
        else:
            fields[shape.name] = rng.choice(places.get(shape.name, [Value(value=v) for v in values]))
    return cls(**fields)


def during(rng: Random, of: Node) -> InPeriod:
    """Dates in some period."""
    cls = rng.choice(PERIOD_TYPES)
    named = any(shape.name in ("value", "start") for shape in fields_of(cls))
    return InPeriod(of=of, period=filled(rng, cls, PERIODS[:4] if named else (1, 2, 3)))  # type: ignore[arg-type]


def with_windows(rng: Random, query: Select, keys: list[Node], taken: list[Node]) -> Select:
    """The query with the keys and measures as outputs, and windows of them and of each other."""
    windows: list[Node] = []
    for _ in range(rng.randint(1, 3)):
        windows.append(filled(rng, rng.choice(WINDOWS), (1, 2, 3), of=[*taken, *windows[-1:]], within=keys))
    outputs = [*keys, *taken[: rng.randint(0, len(taken))], *windows]
    return query.model_copy(update={"outputs": tuple(outputs)})


def with_condition(rng: Random, query: Select, condition: Node) -> Select:
    """The query with one condition more."""
    where = And(args=(condition, query.where)) if query.where and rng.random() < 0.5 else condition
    return query.model_copy(update={"where": where})


@st.composite
def windowed(draw) -> tuple[Database, Answer]:
    """A database, and an accepted query with windows over a time bucket."""
    database = draw(databases())
    rng = draw(st.randoms(use_true_random=True))
    dates = [c for c in database.schema.columns if c.type in DATES]
    assume(dates)
    date = rng.choice([c for kind in DATES for c in dates if c.type is kind])
    bucket = filled(rng, TimeBucket, (), of=[Col(column=date.id)])
    table = database.schema.table(date.table)
    keys = [bucket, *(Col(column=c.id) for c in rng.sample(table.columns, rng.randint(0, 1)))]
    base = random_spec(rng, database.scope, (table.name,), QUERY).query.model_copy(update={"source": None})  # type: ignore[union-attr]
    query = with_windows(rng, base, keys, [draw(measures(database, table.name)) for _ in range(rng.randint(1, 2))])
    if rng.random() < 0.5:
        query = with_condition(rng, query, during(rng, Col(column=date.id)))
    return database, _accepted(database, query, Window)


@st.composite
def regrouped(draw) -> tuple[Database, Answer]:
    """A database, and an accepted query over the groups of another."""
    database, inner = draw(accepted(wanted={"Spec": (Answer,)}))
    rng = draw(st.randoms(use_true_random=True))
    kinds = kinds_of_outputs(inner.query, database.schema)[:8]
    dated = [Inner(output=i) for i, kind in enumerate(kinds) if kind in DATES]  # type: ignore[arg-type]
    numbers = [Inner(output=i) for i, kind in enumerate(kinds) if kind is ColumnType.NUMBER]  # type: ignore[arg-type]
    keys: list[Node] = [filled(rng, rng.choice((TimeBucket, DatePart)), (), of=[of]) for of in dated[:1]]
    keys += [filled(rng, Bin, (2, 3), of=[of]) for of in numbers[:1]]
    assume(keys)
    of = rng.choice([*numbers, *dated])
    taken = [filled(rng, Aggregate, (), of=[of], at=[None], where=[None])]  # type: ignore[list-item]
    query = with_windows(rng, Select(outputs=tuple(keys), source=inner.query), rng.sample(keys, rng.randint(1, len(keys))), taken)
    query = query if rng.random() < 0.5 else query.model_copy(update={"outputs": (*keys, *taken)})
    if dated and rng.random() < 0.5:
        query = with_condition(rng, query, during(rng, rng.choice(dated)))
    return database, _accepted(database, query, TimeBucket | DatePart | Bin)


def _accepted(database: Database, query: Select, kind: Any) -> Any:
    """The query, without what is wrong in it; what it was made for must still be there."""
    spec = pruned(Answer(query=query), database.schema)
    assume(not check(spec, database.schema) and any(isinstance(node, kind) for _, node in walk(spec)))
    return spec


def compositions() -> st.SearchStrategy[tuple[Database, Answer]]:
    """Either."""
    return st.one_of(windowed(), regrouped())


def any_specs() -> st.SearchStrategy[tuple[Database, Spec]]:
    """A database, and a spec over it that a walk or a composition makes, right or wrong."""
    return st.one_of(databases().flatmap(lambda database: st.tuples(st.just(database), specs(database))), compositions())


def any_accepted() -> st.SearchStrategy[tuple[Database, Spec]]:
    """A database, and a spec over it that the checker accepts."""
    return st.one_of(accepted(), compositions())


def any_answers() -> st.SearchStrategy[tuple[Database, Answer]]:
    """A database, and a query over it that the checker accepts."""
    return st.one_of(answers(), compositions())
