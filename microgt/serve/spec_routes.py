"""Schemas, and specs that are checked or run: all that needs no model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from microgt.audit.events import Asked
from microgt.audit.log import Log, fault_of, log_of
from microgt.engine.database import Database
from microgt.errors import ConfigError, SpecError
from microgt.product.cells import plain
from microgt.product.history import wide
from microgt.product.ranked import Once
from microgt.product.run import Ran, Runner
from microgt.schema.types import Schema
from microgt.serve.desk import Desk
from microgt.serve.drawing import drawn
from microgt.serve.models import Checked, SchemaOut, SpecRun, SpecToCheck, SpecToRun
from microgt.serve.problems import PROBLEMS, placed_below, refusal_of
from microgt.serve.service import Service
from microgt.serve.who import Who
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.compiler.compile import query_of
from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Edit, Spec
from microgt.spec.words import in_words

EXAMPLES = 5  # of a column's texts


def spec_routes(service: Service) -> APIRouter:
    """`/schema`, `/spec/check` and `/spec/run`."""
    routes = APIRouter(tags=["specs"], responses=PROBLEMS)
    seconds = service.settings.seconds

    @routes.get("/schema")
    async def schema(db: str | None = None) -> SchemaOut:
        """Tables, columns and keys of a database."""
        name, path = service.databases.find(db)
        return await service.specs.do(lambda desk: _schema(name, desk.database(path)), seconds)

    @routes.post("/spec/check")
    async def check_spec(given: SpecToCheck) -> Checked:
        """Whether a spec is right for a database; its words and SQL when it is. Nothing is run."""
        _, path = service.databases.find(given.db)
        return await service.specs.do(lambda desk: _check(given.spec, desk.database(path).schema), seconds)

    @routes.post("/spec/run")
    async def run(given: SpecToRun, who: Who) -> SpecRun:
        """The rows of a spec."""
        name, path = service.databases.find(given.db)
        log = log_of(path, on=service.settings.log)
        try:
            return await service.specs.do(lambda desk: _run(name, path, given, desk, log, who), seconds)
        except SpecError as error:
            raise placed_below("/spec", error) from None

    return routes


def _schema(name: str, database: Database) -> SchemaOut:
    schema = database.schema
    columns: dict[str, list[dict[str, Any]]] = {table.name: [] for table in schema.tables}
    for column in schema.columns:
        first, last = schema.ranges.get(column.id, (None, None))
        columns[column.table].append(
            {
                "id": column.id,
                "name": column.name,
                "type": column.type.value,
                "words": " ".join(column.words),
                "primary": column.primary,
                "first": first,
                "last": last,
                "examples": schema.values.get(column.id, ())[:EXAMPLES],
            }
        )
    tables = [{"name": t.name, "words": " ".join(t.words), "columns": columns[t.name]} for t in schema.tables]
    keys = [{"column": k.column, "target": k.target, "inferred": k.inferred} for k in schema.keys]
    return SchemaOut.model_validate({"db": name, "data_version": database.version, "tables": tables, "keys": keys})


def _check(spec: Spec, schema: Schema) -> Checked:
    try:
        errors = check(spec, schema)
        sql = compile_spec(spec, schema) if not errors and isinstance(spec, Answer | Edit) else None
    except SpecError as error:
        errors, sql = [error], None
    problems = [refusal_of(error).problem for error in errors]
    return Checked(ok=not errors, errors=problems, words=None if errors else in_words(spec, schema), sql=sql)


def _run(name: str, path: Path, given: SpecToRun, desk: Desk, log: Log, who: str) -> SpecRun:
    database = desk.database(path)
    spec = given.spec
    if not isinstance(spec, Answer | Edit):
        query_of(spec)  # says why there is none
        raise ConfigError(f"a spec of kind {spec.kind!r} has no query to run")
    for error in check(spec, database.schema):
        raise error
    engine = desk.engines.engine(database.path)
    ran = Runner(database.schema, Once(engine), wide(engine), given.as_of).run(spec)
    words = in_words(ran.spec, database.schema)
    chart, warnings = drawn(ran.table, ran.view, words, ran.forecast, desk.watch)
    warnings = [*ran.warnings, *warnings]
    fault = fault_of(log, _asked(given, ran, words, database.version, warnings, who))
    return SpecRun.model_validate(
        {
            "db": name,
            "words": words,
            "sql": ran.sql,
            "columns": ran.table.columns,
            "rows": [[plain(cell) for cell in row] for row in ran.table.rows],
            "row_count": len(ran.table.rows),
            "truncated": ran.table.truncated,
            "written": ran.table.written,
            "chart": chart,
            "forecast": ran.forecast.to_json() if ran.forecast else None,
            "data_version": database.version,
            "warnings": [*warnings, fault] if fault else warnings,
            "answered_at": datetime.now(UTC),
            "seconds": desk.watch.shown(),
        }
    )


def _asked(given: SpecToRun, ran: Ran, words: str, version: str, warnings: list[str], who: str) -> Asked:
    return Asked(
        question=given.question or words,
        intent=ran.spec.kind,
        origin=given.origin,
        previous=write_spec(given.previous) if given.previous else None,
        spec=write_spec(ran.spec),
        sql=ran.sql,
        rows=len(ran.table.rows),
        data_version=version,
        warnings=tuple(warnings),
        by=who,
    )
