"""Corrections: what a question means, said by a person. One counts when it can be checked, compiled and run; else it is refused."""

from __future__ import annotations

from microgt.audit.events import Asked, Corrected
from microgt.audit.log import FileLog
from microgt.engine.database import Database
from microgt.errors import ConfigError
from microgt.evaluation.execution import Engine
from microgt.product.run import Ran, Runner
from microgt.spec.checker import check
from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Spec


def correct(
    log: FileLog, database: Database, engine: Engine, long: Engine, question: str, spec: Spec, *, was: Spec | None = None, by: str = ""
) -> Ran:
    """Note what a question means, and return what that gives.

    engine, long: as of `Runner`. was: what was answered; by default the answer that the log has of this question.
    Raises `ConfigError`, `SpecError` or `EngineError` when it does not count, and `DataError` when it cannot be written.
    """
    if not question.strip():
        raise ConfigError("the question is empty: say which question the spec answers")
    if not isinstance(spec, Answer):
        raise ConfigError(f"a correction is what the question means, a spec of kind 'answer', and this is {spec.kind!r}")
    for error in check(spec, database.schema):
        raise error
    ran = Runner(database.schema, engine, long).run(spec)
    before = write_spec(was) if was else _answered(log, question)
    log.note(
        Corrected(
            question=question,
            spec=write_spec(spec),
            was=before,
            sql=ran.sql,
            rows=len(ran.table.rows),
            data_version=database.version,
            by=by,
        )
    )
    return ran


def _answered(log: FileLog, question: str) -> dict | None:
    """The spec of the newest answer to this question."""
    found = [event.spec for event in log.events() if isinstance(event, Asked) and event.question == question]
    return found[-1] if found else None
