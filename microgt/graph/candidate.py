"""A candidate value: what a value node of the graph stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["number", "date", "quoted", "words", "cell"]


@dataclass(frozen=True, slots=True)
class ValueNode:
    """A literal that the decoder may point at.

    span: the words it was read from (end exclusive). columns: indices of the columns that hold it. score: how sure the match is, 0 to 1.
    """

    value: bool | int | float | str
    source: Source
    span: tuple[int, int] | None
    columns: tuple[int, ...]
    score: float
