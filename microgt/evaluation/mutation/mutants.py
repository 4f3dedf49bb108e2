"""All small mistakes that can be made in a spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from microgt.errors import SpecError
from microgt.evaluation.mutation.conditions import and_or, drop_filter, drop_having, flip_operator
from microgt.evaluation.mutation.literals import change_literal
from microgt.evaluation.mutation.measures import change_grain, shift_window, swap_aggregate, swap_column
from microgt.evaluation.mutation.queries import change_join, change_keys, change_limit, change_set, change_sort, drop_distinct
from microgt.evaluation.mutation.tree import Alternatives, replaced
from microgt.schema.types import Schema
from microgt.spec import check, compile_spec, read_spec, write_spec
from microgt.spec.types import Answer, Spec


class Kind(StrEnum):
    """Kinds of mistakes."""

    DROP_FILTER = "drop filter"
    DROP_HAVING = "drop having"
    OPERATOR = "flip operator"
    AND_OR = "and / or"
    LITERAL = "change literal"
    AGGREGATE = "swap aggregate"
    GRAIN = "change grain"
    WINDOW = "shift window"
    COLUMN = "swap column"
    DISTINCT = "distinct"
    LIMIT = "change limit"
    SORT = "change sort"
    JOIN = "change join"
    KEYS = "drop group key"
    SET = "set operation"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A spec with one mistake, and its SQL."""

    kind: Kind
    spec: Answer
    sql: str


def mutants(spec: Spec, schema: Schema) -> Iterator[Mutant]:
    """The mutants of a spec that the checker accepts and whose SQL differs from its own and from each other's. Only `Answer` has any."""
    if not isinstance(spec, Answer):
        return
    seen = {compile_spec(spec, schema)}
    for kind, alternatives in _operators(schema).items():
        for query in replaced(spec.query, alternatives):
            mutant = _sound(spec.model_copy(update={"query": query}), schema)
            if mutant is None:
                continue
            sql = compile_spec(mutant, schema)
            if sql not in seen:
                seen.add(sql)
                yield Mutant(kind, mutant, sql)


def _operators(schema: Schema) -> dict[Kind, Alternatives]:
    return {
        Kind.DROP_FILTER: drop_filter,
        Kind.DROP_HAVING: drop_having,
        Kind.OPERATOR: flip_operator,
        Kind.AND_OR: and_or,
        Kind.LITERAL: change_literal(schema),
        Kind.AGGREGATE: swap_aggregate(schema),
        Kind.GRAIN: change_grain,
        Kind.WINDOW: shift_window,
        Kind.COLUMN: swap_column(schema),
        Kind.DISTINCT: drop_distinct,
        Kind.LIMIT: change_limit,
        Kind.SORT: change_sort,
        Kind.JOIN: change_join(schema),
        Kind.KEYS: change_keys,
        Kind.SET: change_set,
    }


def _sound(spec: Answer, schema: Schema) -> Answer | None:
    """The spec as its types read it, with a table as its view; None when the types or the checker refuse it."""
    try:
        whole = read_spec({"kind": "answer", "query": write_spec(spec)["query"]})
        return whole if isinstance(whole, Answer) and not check(whole, schema) else None
    except (SpecError, ValidationError):
        return None
