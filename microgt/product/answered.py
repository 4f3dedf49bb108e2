"""The answer to one question, with everything needed to check it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from microgt.engine.result import ResultTable
from microgt.errors import NotAnswerable, SeveralReadings, Unanswered
from microgt.product.cells import plain
from microgt.product.forecast import Forecasted, view_of
from microgt.spec.diff import Change
from microgt.spec.json import write_spec
from microgt.spec.types import Answer, Edit, View

DROPPED = "a further reading could not be run"


@dataclass(frozen=True)
class ValueSource:
    """Where a literal of the spec came from.

    source: "number", "date", "quoted" or "words" (read from the question), "cell" (found in the database), "constant" (the model's own
    small constant), "previous" (of the answer that is changed). words: the question's words it was read from. columns: ids of the
    columns that hold it.
    """

    value: bool | int | float | str
    source: str
    words: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Words of the question that were linked with a table or column before the model read them; every layer of it attends along links.

    to: its id. how: "name", "part of the name", "value", "part of a value", "date", or by a thesaurus "meaning" or "related meaning". used:
    whether the spec has it.
    """

    words: str
    to: str
    how: str
    used: bool


@dataclass(frozen=True)
class Answered:
    """A question that was answered. No number in it comes from the model: `table` is what the engine returned for `sql`.

    intent: "answer" or "edit"; the JSON of a question without an answer has "clarify" or "unanswerable". confidence: 0 to 1.
    data_version: changes when the database does. checkpoint: the name of what proposed the spec. answered_at: in UTC. changes: what an
    edit changed in the previous answer. forecast: the periods to come, by a forecaster from the rows of `table`; these are complete
    periods then. notes: how words of the question were read. links: of its words with the schema.
    """

    question: str
    intent: str
    spec: Answer | Edit
    words: str
    sql: str
    table: ResultTable
    confidence: float
    values: tuple[ValueSource, ...]
    data_version: str
    warnings: tuple[str, ...] = field(default=())
    changes: tuple[Change, ...] = field(default=())
    forecast: Forecasted | None = None
    notes: tuple[str, ...] = field(default=())
    links: tuple[Link, ...] = field(default=())
    checkpoint: str | None = None
    answered_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def view(self) -> View:
        """How the rows are shown: as the spec says; a forecast as the line of its past."""
        return view_of(self.spec, self.forecast)

    @property
    def title(self) -> str:
        """Of a chart."""
        return f"{self.question} (the past: there is no forecast)" if self.forecast and not self.forecast.found else self.question

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
        """Only what JSON has: dates as ISO text, numbers that a double cannot hold too, NaN and infinity as null."""
        return {
            "intent": self.intent,
            "spec": write_spec(self.spec),
            "words": self.words,
            "sql": self.sql,
            "columns": list(self.columns),
            "rows": [[plain(cell) for cell in row] for row in self.rows],
            "row_count": self.row_count,
            "truncated": self.truncated,
            "written": [self.table.written_as(i) for i in range(len(self.columns))],
            "confidence": round(self.confidence, 4),
            "values": [{"value": v.value, "source": v.source, "words": v.words, "columns": list(v.columns)} for v in self.values],
            "links": [asdict(link) for link in self.links],
            "data_version": self.data_version,
            "checkpoint": self.checkpoint,
            "answered_at": self.answered_at.isoformat(),
            "warnings": list(self.warnings),
            **({"changes": [change.to_json() for change in self.changes]} if self.intent == "edit" else {}),
            **({"forecast": self.forecast.to_json()} if self.forecast else {}),
            **({"notes": list(self.notes)} if self.notes else {}),
        }


def refusal(reason: str | NotAnswerable) -> dict[str, Any]:
    """The JSON of a question without an answer: the keys of `Answered.to_json`, the reason among the warnings.

    What the model says in its place stands under spec and words; the readings to choose from under readings.
    """
    return {
        "intent": "unanswerable",
        "spec": None,
        "words": None,
        "sql": None,
        "columns": [],
        "rows": [],
        "row_count": 0,
        "truncated": False,
        "written": [],
        "confidence": None,
        "values": [],
        "links": [],
        "data_version": None,
        "checkpoint": None,
        "answered_at": datetime.now(UTC).isoformat(),
        "warnings": [str(reason)],
        **_said(reason),
    }


def _said(reason: str | NotAnswerable) -> dict[str, Any]:
    match reason:
        case SeveralReadings():
            readings = [{"choose": n, **_reading(answered)} for n, answered in enumerate(reason.readings, 1)]
            dropped = [f"{DROPPED}: {text}" for text in reason.dropped]
            said = {"intent": "clarify", "warnings": [str(reason), *dropped], "readings": readings}
        case Unanswered():
            said = {}
        case _:
            return {}
    return {"spec": write_spec(reason.spec), "words": reason.words, **said}


def _reading(answered: Answered) -> dict[str, Any]:
    found = answered.to_json()
    return {name: found[name] for name in ("words", "spec", "sql")}
