"""Changes of one sentence: what is said together holds together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import ClassVar

from microgt.refine.change import FILTERS, Change
from microgt.refine.conditions import Condition, put
from microgt.refine.filters import NoFilter
from microgt.refine.selects import select_of
from microgt.schema.types import Schema
from microgt.spec.types import Answer

_MOST_WAYS = 16


@dataclass(frozen=True)
class Together:
    """Conditions that take the place of those before, and none of another's."""

    parts: tuple[Condition, ...]
    turn: ClassVar[int] = FILTERS

    def made(self, answer: Answer, schema: Schema) -> list[Answer]:
        select = select_of(answer)
        ways = product(*(part.conditions(select, schema) for part in self.parts))
        return [put(answer, way) for way in islice(ways, _MOST_WAYS)]


def together(changes: Sequence[Change]) -> list[Change]:
    """The changes in the order in which they are made. Of what is counted: what is dropped, conditions as one, then values more or less."""
    parts = [change for change in changes if isinstance(change, Condition)]
    dropped = [change for change in changes if isinstance(change, NoFilter)]
    others = [change for change in changes if not isinstance(change, Condition | NoFilter)]
    as_one = [Together(tuple(_joined(parts)))] if parts else []
    return sorted([*dropped, *as_one, *others], key=lambda change: change.turn)


def _joined(parts: Sequence[Condition]) -> list[Condition]:
    """Those about the same as one."""
    found: list[Condition] = []
    for part in parts:
        ones = [(i, one) for i, other in enumerate(found) if (one := other.and_also(part))]
        if ones:
            place, one = ones[-1]
            found[place] = one
        else:
            found.append(part)
    return found
