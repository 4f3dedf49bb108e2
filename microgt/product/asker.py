"""From a question to a checked, executed answer.

The model proposes specs; each is checked against the schema, compiled and run, in the model's order, and the first that survives is
the answer. What failed before it is named in the warnings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, Self

from microgt.engine.database import Database, open_database
from microgt.engine.duckdb import EnginePool, Limits
from microgt.engine.result import ResultTable
from microgt.errors import ConfigError, MicrogtError, NotAnswerable
from microgt.graph import Graph, ValueNode
from microgt.product.answered import Answered
from microgt.product.linked import sources_of, what_is_missing
from microgt.schema.load import files_of, stamp_of
from microgt.schema.types import Schema
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec
from microgt.spec.types import Spec, Unanswerable
from microgt.spec.words import in_words

# Below this the reading is shown with a warning.
UNSURE = 0.3

REASONS = {
    "no_column": "no column of the database holds what the question asks for",
    "no_value": "a value named in the question is not in the database",
    "no_path": "no keys connect the tables that the question needs",
    "out_of_scope": "the question asks for something that queries cannot give",
}


class Candidate(Protocol):
    """A proposed spec, how sure the model is (0 to 1), and the value nodes it could point at."""

    @property
    def spec(self) -> Spec: ...
    @property
    def confidence(self) -> float: ...
    @property
    def values(self) -> Sequence[ValueNode]: ...


class Predictor(Protocol):
    """What proposes specs; `microgt.model.predictor.Predictor` is the one behind a checkpoint."""

    def graph(self, question: str, schema: Schema) -> Graph:
        """The graph of a question."""
        ...

    def predict(self, question: str, schema: Schema) -> Sequence[Candidate]:
        """Candidate specs, best first."""
        ...


@dataclass(frozen=True)
class _Run:
    candidate: Candidate
    sql: str
    table: ResultTable
    dropped: tuple[str, ...]


class Asker:
    """Answers questions; keeps databases open between them. Close it, or use it as a context manager.

    limits: of the engine's workers. hide: column ids whose values the model must not see.
    """

    def __init__(self, predictor: Predictor, *, limits: Limits | None = None, hide: tuple[str, ...] = ()):
        self._predictor, self._hide = predictor, hide
        self._pool = EnginePool(limits or Limits())
        self._open: dict[Path, tuple[str, Database]] = {}

    @classmethod
    def from_checkpoint(cls, path: str | Path, *, limits: Limits | None = None, hide: tuple[str, ...] = ()) -> Self:
        """From a checkpoint directory or a Lightning .ckpt. Raises `CheckpointError`; `ModuleNotFoundError` without the extra `train`."""
        from microgt.model.predictor import Predictor as CheckpointPredictor

        return cls(CheckpointPredictor.load(path), limits=limits, hide=hide)

    def ask(self, db: str | Path, question: str, *, as_of: date | None = None) -> Answered:
        """Answer one question from a DuckDB, SQLite, CSV or Parquet path.

        as_of: what relative periods count from; by default the last date of the data.
        Raises `ConfigError` (empty question), `DataError` (unusable database), `NotAnswerable`.
        """
        if not question.strip():
            raise ConfigError('the question is empty: ask something, such as "How many orders were there last year?"')
        database = self.database(db)
        schema = database.schema
        graph = self._predictor.graph(question, schema)
        missing = what_is_missing(graph, schema)
        if missing:
            raise NotAnswerable(missing)
        run = self._first_that_runs(database, self._predictor.predict(question, schema), as_of)
        spec = run.candidate.spec
        return Answered(
            question=question,
            intent=spec.kind,
            spec=spec,
            words=in_words(spec, schema),
            sql=run.sql,
            table=run.table,
            confidence=run.candidate.confidence,
            values=sources_of(spec, run.candidate.values, graph),
            data_version=database.version,
            warnings=_warnings(run),
        )

    def database(self, path: str | Path) -> Database:
        """Open a database, or return it when it is open and its files have not changed. Raises `DataError`."""
        path = Path(path)
        stamp = stamp_of(files_of(path))
        known = self._open.get(path)
        if known is None or known[0] != stamp or not known[1].path.is_file():  # a copy in the cache may be gone
            known = self._open[path] = (stamp, open_database(path, hide=self._hide))
        return known[1]

    def _first_that_runs(self, database: Database, candidates: Sequence[Candidate], as_of: date | None) -> _Run:
        dropped: list[str] = []
        for candidate in candidates:
            if isinstance(candidate.spec, Unanswerable):
                raise NotAnswerable(REASONS[candidate.spec.reason])
            try:
                errors = check(candidate.spec, database.schema)
                if errors:
                    raise errors[0]
                sql = compile_spec(candidate.spec, database.schema, as_of=as_of)
                table = self._pool.engine(database.path).run(sql)
            except MicrogtError as error:
                dropped.append(str(error))
                continue
            return _Run(candidate, sql, table, tuple(dropped))
        first = f"; the likeliest failed with {dropped[0]}" if dropped else ""
        raise NotAnswerable(f"none of the {len(candidates)} readings of the question can be run on this database{first}")

    def close(self) -> None:
        """Stop the workers."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _warnings(run: _Run) -> tuple[str, ...]:
    found = []
    if run.dropped:
        found.append(f"{len(run.dropped)} likelier reading(s) could not be run: {run.dropped[0]}")
    if run.candidate.confidence < UNSURE:
        found.append(f"low confidence ({run.candidate.confidence:.0%}): read the spec before using the numbers")
    if run.table.truncated:
        found.append(f"only the first {len(run.table.rows)} rows are shown")
    if not run.table.rows:
        found.append("no row matches")
    return tuple(found)
