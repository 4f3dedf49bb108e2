"""A change of an answer."""

from __future__ import annotations

from typing import ClassVar, Protocol

from microgt.errors import CannotRefine
from microgt.schema.types import Schema
from microgt.spec.types import Answer

FILTERS, GROUPS, ORDER, VIEW = range(4)


class LeftToModel(CannotRefine):
    """The words are known, but not what they mean of this answer: a model may know."""


class Change(Protocol):
    """turn: changes of one sentence are made in this order, whatever the order of the words."""

    turn: ClassVar[int]

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        """The answer after it: several where it can mean several things. They are still to be checked. Raises `CannotRefine`."""
        ...
