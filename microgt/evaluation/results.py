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


class Item(Record):
    """One question: what was predicted, and what became of it.

    original: the outcome on the original database alone, when `outcome` is that over variants of it too. variant: the number of the first
    variant that tells the prediction from gold.
    reason: why it is wrong: columns, rows, values, order, perm_budget, abstained (it said that there is no answer) or unanswerable (there
    is none); or `tie_cut` when it is right by another choice among rows that tie at gold's LIMIT. valid: the checker accepts the spec;
    None when SQL was predicted. executable: it ran, or said that there is no answer.
    seen: whether the database was trained on, when that is known. seconds: taken by the prediction.
    """

    id: str
    db: str
    category: str | None
    question: str
    outcome: Outcome
    original: Outcome | None = None
    variant: int | None = None
    reason: str | None = None
    error: str | None = None
    gold_spec: dict[str, Any] | None = None
    gold_sql: str | None = None
    spec: dict[str, Any] | None = None
    sql: str | None = None
    gold_rows: int | None = None
    rows: int | None = None
    valid: bool | None = None
    executable: bool = False
    seen: bool | None = None
    exact_match: bool | None = None
    chart_match: bool | None = None
    value_recall: float | None = None
    confidence: float | None = None
    seconds: float | None = None

    @property
    def right(self) -> bool:
        """Whether the headline counts it. Over variants, an answer that is empty on all of them does not count: nothing was shown."""
        return self.outcome.right and not (self.outcome is Outcome.VACUOUS and self.original is not None)

    @property
    def right_originally(self) -> bool:
        """Whether it is right on the original database alone."""
        return (self.original or self.outcome).right


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


class Summary(Record):
    """The figures of a run. `accuracy` is the headline: (correct + vacuous) / N.

    clustered: the 95% interval of accuracy when databases are drawn again, None for fewer than two. accuracy_all: with the excluded
    counted as wrong. Rates by spec count only items whose gold or prediction has what they are about.
    """

    accuracy: Rate
    clustered: tuple[float, float] | None
    accuracy_all: Rate | None
    outcomes: dict[Outcome, int]
    valid_spec: Rate
    executable: Rate
    exact_match: Rate
    chart_match: Rate
    value_recall: float | None
    seen: Rate
    unseen: Rate
    by_category: dict[str, Rate]
    by_database: dict[str, Rate]
    seconds: float | None  # median of one prediction


class Results(Record):
    """Everything that was found out in one run. `format` changes when the fields do.

    variants: on how many variants of its database each item was judged too, made from `seed`.
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
