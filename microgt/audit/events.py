"""What a line of a log says. Specs are kept as their JSON: a log outlives the versions of the grammar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

SpecJson = dict[str, Any]
Origin = Literal["question", "suggestion", "by hand", "product"]


class _Event(BaseModel):
    """at: when, in UTC. by: who, as far as it is known."""

    model_config = ConfigDict(frozen=True)

    at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    by: str = ""


class Asked(_Event):
    """A question and what was answered: rows are counted, not kept. previous: the spec that it was to change.

    intent: as of an answer, so also of questions without one; why there is none stands first in `warnings`. origin: of the spec: what the
    question was answered with; a suggestion, which its question came with; or by hand, where the spec's words stand for the question.
    checkpoint: what proposed the spec.
    """

    event: Literal["asked"] = "asked"
    question: str
    intent: str
    origin: Origin = "question"
    previous: SpecJson | None = None
    spec: SpecJson | None = None
    sql: str | None = None
    rows: int = 0
    data_version: str | None = None
    checkpoint: str | None = None
    confidence: float | None = None
    warnings: tuple[str, ...] = ()


class Judged(_Event):
    """A thumb for an answer; spec: None for a question that had none. origin: of the spec, None where it was not said: as of `Asked`, or a
    product, whose title stands for the question."""

    event: Literal["judged"] = "judged"
    question: str
    spec: SpecJson | None
    origin: Origin | None = None
    thumb: Literal["up", "down"]


class Corrected(_Event):
    """spec: what the question means; it has been checked and run. was: what was answered, as far as that is known."""

    event: Literal["corrected"] = "corrected"
    question: str
    spec: SpecJson
    was: SpecJson | None = None
    sql: str
    rows: int
    data_version: str


class Deployed(_Event):
    """A version of a product that was kept. place: the folder of products. state: how far it is."""

    event: Literal["deployed"] = "deployed"
    product: str
    place: str = ""
    version: int
    state: str
    spec: SpecJson
    sql: str
    data_version: str


class Changed(BaseModel):
    """Questions of one measure: how many were right before and after; ids of those that became right, and of those that became wrong."""

    model_config = ConfigDict(frozen=True)

    name: str
    of: int
    before: int
    after: int
    won: tuple[str, ...]
    lost: tuple[str, ...]


class Promoted(_Event):
    """A checkpoint that learnt from corrections and answers from now on. was: the number of the one before, None: nothing was learnt."""

    event: Literal["promoted"] = "promoted"
    checkpoint: int
    was: int | None
    why: str
    changed: tuple[Changed, ...]


class Refused(_Event):
    """A checkpoint that learnt from corrections and is no better, or somewhere worse."""

    event: Literal["refused"] = "refused"
    checkpoint: int
    why: str
    changed: tuple[Changed, ...]


class TakenBack(_Event):
    """A promotion that was taken back. now: the number of the checkpoint that answers."""

    event: Literal["taken back"] = "taken back"
    checkpoint: int
    now: int | None


Event = Asked | Judged | Corrected | Deployed | Promoted | Refused | TakenBack
EVENT = TypeAdapter[Event](Annotated[Event, Field(discriminator="event")])
