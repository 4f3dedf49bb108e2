"""Exact set match of scored questions whose gold is there as its author wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, Protocol

from microgt.errors import SpecError
from microgt.evaluation.difficulty import Difficulty
from microgt.evaluation.exact.clauses import Clauses
from microgt.evaluation.exact.hardness import hardness
from microgt.evaluation.exact.match import differing, key_classes
from microgt.evaluation.exact.reading import Unreadable, read_clauses
from microgt.evaluation.exact.spelling import spider_sql
from microgt.evaluation.prediction import Gold, Prediction
from microgt.evaluation.results import Item
from microgt.schema.types import Schema
from microgt.spec.importer import import_sql

NO_SPEC, UNREADABLE = "no spec", "not Spider's SQL"


class WrittenGold(Gold, Protocol):
    """Gold with the SQL that its author wrote, in SQLite's dialect; None where there is none."""

    @property
    def written(self) -> str | None: ...


class Schemas(Protocol):
    """Where the schema of a database is known."""

    def schema(self, db: str) -> Schema: ...


class Mark(NamedTuple):
    """differs: the components that are not the same, or `NO_SPEC` for gold that no spec says, or `UNREADABLE`; empty for a match.

    hardness: of the gold by Spider's own rules; None where its evaluator cannot read it.
    """

    differs: tuple[str, ...]
    hardness: Difficulty | None


class Marker:
    """Compares predictions for one database with gold; each gold is read once."""

    def __init__(self, schema: Schema):
        self.schema, self.keys = schema, key_classes(schema)
        self._read, self._has_spec = cache(self._gold), cache(self._importable)  # rewordings of a question share their gold

    def mark(self, gold: WrittenGold, prediction: Prediction) -> Mark:
        """Of one question. A spec is compared as Spider's authors would write it, and never matches gold that no spec says."""
        wanted = self._read(gold.written or "")
        level = hardness(wanted) if wanted else None
        if prediction.spec is not None and gold.spec is None and not self._has_spec(gold.sql or gold.written or ""):
            return Mark((NO_SPEC,), level)
        given = self._predicted(prediction)
        return Mark(tuple(differing(wanted, given, self.keys)) if wanted and given else (UNREADABLE,), level)

    def _gold(self, sql: str) -> Clauses | None:
        try:
            return read_clauses(sql, self.schema)
        except Unreadable:
            return None

    def _importable(self, sql: str) -> bool:
        try:
            import_sql(sql, self.schema)
        except SpecError:
            return False
        return True

    def _predicted(self, prediction: Prediction) -> Clauses | None:
        try:
            if prediction.spec is not None:
                return read_clauses(spider_sql(prediction.spec, self.schema), self.schema)
            return read_clauses(prediction.sql, self.schema, "duckdb") if prediction.sql else None
        except Unreadable:
            return None


def marked(items: Sequence[Item], golds: Sequence[WrittenGold], predictions: Sequence[Prediction], schemas: Schemas) -> list[Item]:
    """The items with exact set match and hardness, where gold is there as written."""
    of = cache(lambda db: Marker(schemas.schema(db)))
    found = {gold.id: of(gold.db).mark(gold, made) for gold, made in zip(golds, predictions, strict=True) if gold.written}
    return [item.model_copy(update=_fields(found[item.id])) if item.id in found else item for item in items]


def _fields(mark: Mark) -> dict[str, object]:
    level = mark.hardness and str(mark.hardness)
    return {"set_match": not mark.differs, "set_differs": mark.differs, "hardness": level}
