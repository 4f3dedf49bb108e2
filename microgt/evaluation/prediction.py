"""What is compared: a question's gold and a prediction for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from microgt.spec.types import Clarify, Spec, Unanswerable

NOTHING = "nothing was predicted"


class Gold(Protocol):
    """A question with its gold, which is the author's SQL if there is any, else a spec; `microgt.data.example.Example` is one."""

    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def db(self) -> str: ...
    @property
    def spec(self) -> Spec | None: ...
    @property
    def sql(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model answered to the question `id`: a spec, or SQL, or why there is neither.

    confidence: 0 to 1. seconds: how long it took.
    """

    id: str
    spec: Spec | None = None
    sql: str | None = None
    error: str | None = None
    confidence: float | None = None
    seconds: float | None = None

    @property
    def abstains(self) -> bool:
        """Whether it leaves the question unanswered on purpose: nothing, a question back, or that there is no answer."""
        nothing = self.spec is None and self.sql is None and self.error in (None, NOTHING)
        return nothing or isinstance(self.spec, Clarify | Unanswerable)


def gold_as_prediction(gold: Gold) -> Prediction:
    """Gold handed in as if predicted: whatever scores it below 100% is at fault."""
    return Prediction(gold.id, sql=gold.sql, confidence=1.0) if gold.sql else Prediction(gold.id, spec=gold.spec, confidence=1.0)
