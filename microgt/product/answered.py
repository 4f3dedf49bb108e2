"""The answer to one question, with everything needed to check it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from microgt.engine.result import ResultTable
from microgt.product.cells import plain
from microgt.spec.json import write_spec
from microgt.spec.types import Spec


@dataclass(frozen=True)
class ValueSource:
    """Where a literal of the spec came from.

    source: "number", "date", "quoted" or "words" (read from the question), "cell" (found in the database), "constant" (the model's own
    small constant). words: the question's words it was read from. columns: ids of the columns that hold it.
    """

    value: bool | int | float | str
    source: str
    words: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A question that was answered. No number in it comes from the model: `table` is what the engine returned for `sql`.

    intent: "answer", or "unanswerable" in the JSON of a refusal. confidence: 0 to 1. data_version: changes when the database does.
    """

    question: str
    intent: str
    spec: Spec
    words: str
    sql: str
    table: ResultTable
    confidence: float
    values: tuple[ValueSource, ...]
    data_version: str
    warnings: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the result's columns."""
        return self.table.columns

    @property
    def rows(self) -> tuple[tuple, ...]:
        """The result's rows, at most the engine's row cap."""
        return self.table.rows

    @property
    def row_count(self) -> int:
        """How many rows are shown."""
        return len(self.table.rows)

    @property
    def truncated(self) -> bool:
        """Whether the row cap cut the result."""
        return self.table.truncated

    def to_json(self) -> dict[str, Any]:
        """Only what JSON has: dates as ISO text, decimals as numbers, NaN and infinity as null."""
        return {
            "intent": self.intent,
            "spec": write_spec(self.spec),
            "words": self.words,
            "sql": self.sql,
            "columns": list(self.columns),
            "rows": [[plain(cell) for cell in row] for row in self.rows],
            "row_count": self.row_count,
            "truncated": self.truncated,
            "confidence": round(self.confidence, 4),
            "values": [{"value": v.value, "source": v.source, "words": v.words, "columns": list(v.columns)} for v in self.values],
            "data_version": self.data_version,
            "warnings": list(self.warnings),
        }


def refusal(reason: str) -> dict[str, Any]:
    """The JSON of a question that cannot be answered: the keys of `Answered.to_json`, the reason among the warnings."""
    return {
        "intent": "unanswerable",
        "spec": None,
        "words": None,
        "sql": None,
        "columns": [],
        "rows": [],
        "row_count": 0,
        "truncated": False,
        "confidence": None,
        "values": [],
        "data_version": None,
        "warnings": [reason],
    }
