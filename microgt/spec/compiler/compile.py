"""The doors of the compiler."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from microgt.errors import CompileError
from microgt.schema.types import Schema
from microgt.spec.calendar import NAMED_PARTS
from microgt.spec.compiler.chronology import chronological
from microgt.spec.compiler.mistakes import numbers_to
from microgt.spec.compiler.ordering import sort_index
from microgt.spec.compiler.scope import Context
from microgt.spec.compiler.select import select_sql
from microgt.spec.compiler.sets import set_sql
from microgt.spec.compiler.structure import structure_errors
from microgt.spec.dialects import write
from microgt.spec.types import Clarify, DatePart, Edit, Select, SetOperation, Spec, Unanswerable
from microgt.spec.walk import Query


def compile_spec(spec: Spec | Query, schema: Schema, dialect: str = "duckdb", as_of: date | None = None) -> str:
    """The SQL of a spec's query.

    dialect: one of `DIALECTS`. as_of: what relative periods count from; by default the last date of their column.
    Raises `SpecError` for what is not right, `CompileError` for what this schema or dialect cannot do.
    """
    return write(to_sqlglot(spec, schema, as_of), dialect)


def to_sqlglot(spec: Spec | Query, schema: Schema, as_of: date | None = None) -> exp.Query:
    """The sqlglot tree of a spec's query. Raises as `compile_spec`."""
    query = query_of(spec)
    errors = structure_errors(query, schema)
    if errors:
        raise errors[0]
    return tree_of(query, schema, as_of)


def tree_of(query: Query, schema: Schema, as_of: date | None = None) -> exp.Query:
    """The sqlglot tree of a query that has no structure errors. Raises `CompileError`."""
    context = Context(schema, as_of, lambda nested: _query(nested, context))
    return _query(chronological(query), context)


def _query(query: Query, context: Context) -> exp.Query:
    return set_sql(query, context) if isinstance(query, SetOperation) else select_sql(query, context)


def query_of(spec: Spec | Query) -> Query:
    """The query of a spec. Raises `CompileError` E_UNANSWERABLE, and E_CLARIFY where one of several readings is to be chosen first."""
    if isinstance(spec, Unanswerable):
        raise CompileError("E_UNANSWERABLE", f"there is no query: {spec.reason}", given=spec.reason)
    if isinstance(spec, Clarify):
        numbers = numbers_to(len(spec.readings))
        raise CompileError("E_CLARIFY", f"there are {len(spec.readings)} readings: choose one", given=len(spec.readings), choices=numbers)
    if isinstance(spec, Edit):
        return spec.answer.query
    return spec if isinstance(spec, Query) else spec.query


def sort_outputs(spec: Spec | Query) -> tuple[int | None, ...] | None:
    """The outputs that the rows are sorted by, in order of weight; None in the place of a key that is no output.

    None instead of a tuple: the order of the rows means nothing.
    """
    query = query_of(spec)
    if not query.sort:
        return None
    first = query
    while isinstance(first, SetOperation):
        first = first.left
    indices = tuple(_sorted_by_value(sort_index(s.by, first.outputs), first) for s in query.sort)
    return (None, *indices) if query.limit and query.limit.other else indices  # the row "Other" comes last


def _sorted_by_value(index: int | None, query: Select) -> int | None:
    """Names of months and weekdays are sorted by the calendar, not by their letters."""
    output = None if index is None else query.outputs[index]
    return None if isinstance(output, DatePart) and output.part in NAMED_PARTS else index
