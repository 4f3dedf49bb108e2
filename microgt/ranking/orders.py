"""Orders that a question names by their two ends: from old to young, Z to A."""

from __future__ import annotations

import re
from typing import NamedTuple

_HIGH = (
    r"(?:(?:old|eld|high|long|great|tall|deep|new|rich|strong)(?:er|est)?|bigg?(?:er|est)?|(?:larg|lat|wid)e(?:r|st)?|heav(?:y|ier|iest)"
    r"|(?:most|more)(?: \w+)?|expensive|many|best|maximum|max)"
)
_LOW = (
    r"(?:(?:young|small|low|short|cheap|few|old|light|poor|weak|narrow)(?:er|est)?|little|earl(?:y|ier|iest)|(?:least|less)(?: \w+)?"
    r"|worst|minimum|min)"
)
# Behind it the sentence ends or says by what; where a noun comes, "to" is something else: from small to large plans.
_END = r"(?=\s*(?:$|[.,;:!?)]|(?:by|order|and|based|according)\b))"


def _ends(one: str, other: str, letters: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:from )?(?:the )?(?:{one}-to-{other}\b|(?:{one} to (?:the )?{other}|{letters}){_END})", re.IGNORECASE)


_DOWN, _UP = _ends(_HIGH, _LOW, "z(?: to |-)a"), _ends(_LOW, _HIGH, "a(?: to |-)z")


class Orders(NamedTuple):
    """down, up: whether a question names an order of each direction by its ends. rest: its other words."""

    down: bool
    up: bool
    rest: str


def orders(question: str) -> Orders:
    """Of a question."""
    without, down = _DOWN.subn(" ", question)
    rest, up = _UP.subn(" ", without)
    return Orders(down > 0, up > 0, rest)
