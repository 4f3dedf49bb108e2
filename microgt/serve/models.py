"""What requests and answers look like. The OpenAPI is made of these; a spec's part of it is the JSON Schema of specs."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from microgt.errors import SpecError
from microgt.product.written import Written
from microgt.serve.problems import Problem, Refusal, placed_below
from microgt.spec.json import read_spec
from microgt.spec.types import Spec


def _read(given: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    """A spec, whose mistakes are told as everywhere in microgt, with their place in the body."""
    try:
        if isinstance(given, str):
            raise SpecError("E_SPEC", "a spec is a JSON object, not text")
        return read_spec(given)
    except SpecError as error:
        raise placed_below(f"/{info.field_name}", error) from None


def _read_any(given: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    return None if given is None else _read(given, handler, info)


GivenSpec = Annotated[Spec, WrapValidator(_read)]
Previous = Annotated[Spec | None, WrapValidator(_read_any), Field(description="the spec that the question may change")]
DB = Annotated[str | None, Field(description="the name of a database; not needed when only one is served")]
AS_OF = Annotated[date | None, Field(description="what relative periods count from; by default the last date of the data")]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _whole_characters(cls, given: Any) -> Any:
        """JSON can name half a character (a lone surrogate), which no answer could repeat."""
        try:
            json.dumps(given, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Refusal(422, "E_JSON", f"the text holds half a character: {error.object[error.start : error.end]!a}") from None
        except RecursionError:
            raise Refusal(422, "E_DEPTH", "the body is nested too deeply") from None
        return given


class SpecToCheck(_Given):
    """A spec, and the database it is meant for."""

    db: DB = None
    spec: GivenSpec


class SpecToRun(SpecToCheck):
    """A spec that is to be run, and where it comes from, for the log."""

    as_of: AS_OF = None
    question: str = Field(default="", max_length=1000, description="that was suggested with it; by default its words")
    origin: Literal["suggestion", "by hand"] = "by hand"
    previous: Previous = Field(default=None, description="the spec from which it was changed by hand")


class Question(_Given):
    """A question in English."""

    question: str = Field(min_length=1, max_length=1000)
    db: DB = None
    previous: Previous = None
    choose: int | None = Field(default=None, ge=1, description="the number of a reading, when the question has several")
    beam: int = Field(default=5, ge=1, le=10, description="how many readings the model keeps; 1 is fastest")
    as_of: AS_OF = None


class Refinement(_Given):
    """An answer's spec, and words that change it."""

    words: str = Field(min_length=1, max_length=1000, description="only 2023, as a line, by month, top five, forecast three months, ...")
    spec: GivenSpec = Field(description="of the answer that is to be changed, of kind answer or edit")
    db: DB = None
    choose: int | None = Field(default=None, ge=1, description="the number of a reading, when the words have several")
    beam: int = Field(default=5, ge=1, le=10, description="how many readings the model keeps, of words that are a new question")
    as_of: AS_OF = None


class Looked(_Given):
    """An answer of which to tell what the model looked at."""

    question: str = Field(min_length=1, max_length=1000)
    spec: GivenSpec = Field(description="of the answer")
    db: DB = None
    previous: Previous = None


class Checked(BaseModel):
    """Whether a spec is right. Places of errors are JSON pointers into the spec."""

    ok: bool
    errors: list[Problem]
    words: str | None = Field(description="the spec as an English sentence; null when it is not right")
    sql: str | None = Field(description="in DuckDB's dialect; null when the spec is not right or has no query")


Cell = bool | int | float | str | None


class Backtest(BaseModel):
    """How far a method was off on the past."""

    windows: int
    mae: float
    mase: float | None
    against: float | None = Field(description="its error as a share of the reference's")


class ForecastSeries(BaseModel):
    """The periods to come of one series."""

    name: list[Cell]
    periods: list[Cell]
    points: list[float]
    low: list[float] | None
    high: list[float] | None
    method: str
    reference: str
    backtest: Backtest | None
    notes: list[str]


class Forecasts(BaseModel):
    """A forecast that was asked for, made by a forecaster from the rows."""

    of: str
    by: str
    unit: str
    horizon: int
    level: int
    computed: bool
    series: list[ForecastSeries]
    refused: list[str] = Field(description="why series have none")


class Table(BaseModel):
    """Rows as the engine returned them, and where they come from."""

    sql: str | None
    columns: list[str]
    rows: list[list[Cell]]
    row_count: int
    truncated: bool = Field(description="whether the rows were cut")
    written: list[Written] = Field(description="how the numbers of each column are written")
    chart: dict[str, Any] | None = Field(description="Vega-Lite, when the spec is shown as a chart")
    data_version: str = Field(description="changes when the database does")
    warnings: list[str]
    answered_at: datetime
    seconds: dict[str, float] = Field(description="what each stage took, and all of them together (total)")


class SpecRun(Table):
    """What a spec says and returns."""

    db: str
    words: str
    forecast: Forecasts | None


class ValueOut(BaseModel):
    """Where a literal of the spec came from."""

    value: bool | int | float | str
    source: Literal["number", "date", "quoted", "words", "cell", "constant", "previous"]
    words: str = Field(description="the question's words it was read from")
    columns: list[str] = Field(description="columns that hold it")


class LinkOut(BaseModel):
    """Words of the question and a table or column they were linked with."""

    words: str
    to: str = Field(description="its id")
    how: Literal["name", "part of the name", "value", "part of a value", "date", "meaning", "related meaning"]
    used: bool = Field(description="whether the spec has it")


class AttentionOut(BaseModel):
    """What the model looked at when it chose what the spec names: shares of its attention, not a proof of its reasons.

    words: of the question, as the model read them. on: for each table and column (its id) and value of the spec, a share for each word;
    null when the model does not tell, or the spec is not its own.
    """

    words: list[str]
    on: dict[str, list[float]] | None


class Reading(BaseModel):
    """What the question can mean. choose: its number."""

    choose: int
    words: str
    spec: Spec
    sql: str


class AskAnswer(Table):
    """The answer to a question.

    intent: answer; edit, of the previous answer; clarify, when one of several readings is to be chosen; unanswerable, when the first of
    the warnings says why. No number in it comes from the model.
    """

    intent: Literal["answer", "edit", "clarify", "unanswerable"]
    question: str
    db: str
    spec: Spec | None
    words: str | None
    confidence: float | None = Field(description="0 to 1")
    values: list[ValueOut]
    links: list[LinkOut] = Field(
        description="words of the question and the tables and columns they were linked with before the model read them"
    )
    checkpoint: str | None = Field(description="what proposed the spec; `learnt N` when it learnt from this database's corrections")
    changes: list[dict[str, str]] = Field(description="what an edit changed")
    forecast: Forecasts | None
    readings: list[Reading] = Field(description="to choose from")
    notes: list[str] = Field(description="how words of the question were read, by the file of synonyms")


class Refined(AskAnswer):
    """As the answer to a question. intent: edit when the words changed the answer; answer when they were a new question.

    Of clarify and unanswerable the spec is null: the answer before stays as it is.
    """

    patch: list[dict[str, Any]] = Field(description="JSON Patch (RFC 6902) from the answer that was sent to that which is shown; else []")
    choices: list[str] = Field(description="words to say in their place, when the answer cannot be changed as asked and they are known")


class SuggestionOut(BaseModel):
    """A question that has an answer, and the spec that answers it."""

    kind: Literal["total", "trend", "top", "share", "average"]
    question: str
    words: str = Field(description="the spec as an English sentence")
    spec: Spec


class ColumnOut(BaseModel):
    """A column."""

    id: str = Field(description="table.column, as specs name it")
    name: str
    type: Literal["number", "text", "time", "boolean", "other"]
    words: str = Field(description="its name in plain words")
    primary: bool
    first: str | None = Field(description="the first date")
    last: str | None = Field(description="the last date")
    examples: list[str] = Field(description="its most frequent texts")


class TableOut(BaseModel):
    """A table."""

    name: str
    words: str
    columns: list[ColumnOut]


class KeyOut(BaseModel):
    """A key: `column` refers to `target`."""

    column: str
    target: str
    inferred: bool = Field(description="whether microgt found it, because the database declares none there")


class SchemaOut(BaseModel):
    """What a database holds."""

    db: str
    data_version: str
    tables: list[TableOut]
    keys: list[KeyOut]


class Health(BaseModel):
    """live: the process answers. ready: it can answer questions now; else reasons says why not."""

    live: Literal[True]
    ready: bool
    reasons: list[str]


class DatabaseOut(BaseModel):
    """A database that is served. uploaded: from a page, which may add tables to it."""

    name: str
    uploaded: bool


class DatabaseTaken(DatabaseOut):
    """A database after a file has become a table of it."""

    table: str
    tables: list[str]
    data_version: str
