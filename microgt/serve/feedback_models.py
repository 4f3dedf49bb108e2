"""What thumbs and corrections look like, and what is answered to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, WrapValidator

from microgt.audit.events import Origin
from microgt.serve.models import DB, GivenSpec, _Given, _read_any
from microgt.spec.types import Spec


class Feedback(_Given):
    """A thumb for an answer. One for what was changed by hand or in words, or for a product, is kept and says nothing of the question."""

    question: str = Field(min_length=1, max_length=1000)
    db: DB = None
    spec: Annotated[Spec | None, WrapValidator(_read_any)] = Field(default=None, description="of the answer; null when there was none")
    thumb: Literal["up", "down"]
    origin: Origin | None = Field(default=None, description="of the spec; by default the log tells whether it answered the question")


class Correction(_Given):
    """What a question means."""

    question: str = Field(min_length=1, max_length=1000)
    db: DB = None
    spec: GivenSpec
    was: Annotated[Spec | None, WrapValidator(_read_any)] = Field(
        default=None, description="what was answered; by default the newest answer that the log has"
    )


class Noted(BaseModel):
    """A thumb that is kept."""

    db: str
    thumb: Literal["up", "down"]


class Counted(BaseModel):
    """A correction that is kept: its spec in words, what it gives, and how many the database has now."""

    db: str
    words: str
    sql: str
    row_count: int
    corrections: int
