"""The words of those who own a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Vocabulary:
    """What people call things.

    names: table name or column id -> further names. verbs: id of a date column -> what happened then (`signed up`). values: id of a column ->
    value -> how it is said (`ADM`: admin).
    """

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    verbs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
