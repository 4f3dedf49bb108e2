"""The results of an evaluation as one typed JSON file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from microgt.errors import DataError
from microgt.evaluation.outcome import Outcome
from microgt.files import write_text


class Record(BaseModel):
    """Typed, frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SlotCount(Record):
    """How many parts of a slot gold and prediction share, and how many each has."""

    both: int
    gold: int
    predicted: int


class SampleRow(Record):
    """A row of a result: its number from 1, its cells as text (None is NULL), the places of those that differ from the other side's."""

    number: int
    cells: tuple[str | None, ...]
    differs: tuple[int, ...] = ()


class Sample(Record):
    """Some rows and the first columns of a result. alone: the places of columns to which no column of the other side belongs."""

    columns: tuple[str, ...]
    of_columns: int
    rows: tuple[SampleRow, ...]
    alone: tuple[int, ...] = ()


class Item(Record):
    """One question: what was predicted, and what became of it.

    original: the outcome on the original database alone, when `outcome` is that over variants of it too. variant: the number of the first
    variant that tells the prediction from gold. difficulty: of gold, see `difficulty`. slots: by the name of the slot, see `slots`; None
    when gold or prediction is SQL that has no spec. abstained: the system chose not to answer. Of answers that are not right: gold_words
    and words, the specs as sentences; gold_sample and sample, some rows, on that variant if there is one.

    reason: why it is wrong: columns, rows, values, order, perm_budget, abstained (it said that there is no answer) or unanswerable (there
    is none); or `tie_cut` when it is right by another choice among rows that tie at gold's LIMIT. valid: the checker accepts the spec;
    None when SQL was predicted. executable: it ran, or said that there is no answer.
    seen: whether the database was trained on, when that is known. seconds: taken by the prediction.
    set_match: exact set match without values; set_differs: the components that are not the same; hardness: Spider's level. All three are
    there only where gold is known as its author wrote it; see `microgt.evaluation.exact`.
    """

    id: str
    db: str
    category: str | None
    question: str
    difficulty: str | None = None
    outcome: Outcome
    original: Outcome | None = None
    variant: int | None = None
    reason: str | None = None
    error: str | None = None
    gold_spec: dict[str, Any] | None = None
    gold_sql: str | None = None
    spec: dict[str, Any] | None = None
    sql: str | None = None
    gold_words: str | None = None
    words: str | None = None
    gold_rows: int | None = None
    rows: int | None = None
    gold_sample: Sample | None = None
    sample: Sample | None = None
    valid: bool | None = None
    executable: bool = False
    seen: bool | None = None
    exact_match: bool | None = None
    chart_match: bool | None = None
    set_match: bool | None = None
    set_differs: tuple[str, ...] = ()
    hardness: str | None = None
    value_recall: float | None = None
    slots: dict[str, SlotCount] | None = None
    abstained: bool = False
    confidence: float | None = None
    seconds: float | None = None

    @property
    def right(self) -> bool:
        """Whether the headline counts it. Over variants, an answer that is empty on all of them does not count: nothing was shown."""
        return self.outcome.right and not (self.outcome is Outcome.VACUOUS and self.original is not None)

    @property
    def why(self) -> str | None:
        """The error or the reason, and on which variant of its database."""
        said = self.error or self.reason
        return f"{said} (on variant {self.variant} of the database)" if self.variant else said


class Excluded(Record):
    """A question that was left out."""

    id: str
    reason: str


class Rate(Record):
    """k of n with its 95% Wilson interval. `rate` is None when n is 0.

    detectable: the smallest gain of another run on these n that a paired test would find, four times out of five, if one question in
    ten were right in one of the two runs only (see `power.detectable`); None when they are too few for any.
    """

    k: int
    n: int
    rate: float | None
    low: float
    high: float
    detectable: float | None


class SlotScore(Record):
    """Precision, recall and F1 of a slot over the parts of all questions together (micro-averaged); None where there are none.

    items: how many questions have parts of it in gold or in the prediction.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    items: int


class Latency(Record):
    """Seconds that predictions took: mean and percentiles, by linear interpolation."""

    n: int
    mean: float
    p50: float
    p90: float
    p99: float


class CurvePoint(Record):
    """The accuracy of the answers with at least this confidence, which are `coverage` of all that have one."""

    coverage: float
    accuracy: float
    confidence: float


class Selective(Record):
    """How good the confidences of n predictions are; see `selective.selective`."""

    n: int
    aurc: float
    auroc: float | None
    curve: tuple[CurvePoint, ...]


class Summary(Record):
    """The figures of a run. `accuracy` is the headline: (correct + vacuous) / N.

    original: on the original databases alone, when variants of them were asked for; `vacuous` counts as right there.
    clustered: the 95% interval of accuracy when databases are drawn again, None for fewer than two. accuracy_all: with the excluded
    counted as wrong. valid_spec: of the predicted specs, and of no prediction at all, those that the checker accepts. executable: those
    that ran. exact_match: the same spec in its one form; set_match: exact set match without values, see `Item`; chart_match: the same
    chart; value_recall: the mean share of gold's literals.
    Rates by spec count only items whose gold or prediction has what they are about. answered: how many the system chose to answer
    (coverage); right_if_answered: how many of those are right (selective accuracy).
    """

    accuracy: Rate
    original: Rate | None
    clustered: tuple[float, float] | None
    accuracy_all: Rate | None
    outcomes: dict[Outcome, int]
    valid_spec: Rate
    executable: Rate
    exact_match: Rate
    set_match: Rate
    chart_match: Rate
    value_recall: float | None
    slots: dict[str, SlotScore]
    answered: Rate
    right_if_answered: Rate
    selective: Selective | None
    seen: Rate
    unseen: Rate
    by_category: dict[str, Rate]
    by_difficulty: dict[str, Rate]
    by_database: dict[str, Rate]
    latency: Latency | None


class Results(Record):
    """Everything that was found out in one run. `format` changes when the fields do.

    variants: on how many variants of its database each item was judged too, made from `seed`.
    predictions: the file they came from, if any. unused: what is wrong with each line of it that belongs to no question.
    not_predicted: ids of the questions that were left out because there is no prediction for them (`--only-predicted`).
    """

    format: Literal[2] = 2
    microgt: str
    git: str | None
    versions: dict[str, str]
    data: str
    split: str
    checkpoint: str | None
    variants: int = 0
    seed: int = 0
    predictions: str | None = None
    unused: tuple[str, ...] = ()
    not_predicted: tuple[str, ...] = ()
    items: tuple[Item, ...]
    excluded: tuple[Excluded, ...]
    summary: Summary

    def write(self, path: str | Path) -> Path:
        """Write the JSON file; what stands there is replaced only when it is complete."""
        return write_text(Path(path), self.model_dump_json(indent=1) + "\n")

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a results file. Raises `DataError` when there is none or it is of another format."""
        try:
            return cls.model_validate_json(Path(path).read_bytes())
        except OSError as error:
            raise DataError(f"cannot read the results {path}: {error.strerror}") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise DataError(f"{path} is no results file of this version: {'/'.join(map(str, first['loc']))}: {first['msg']}") from None
