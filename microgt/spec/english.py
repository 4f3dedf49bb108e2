"""Lists, ordinals and capitals of English sentences."""

from __future__ import annotations

from collections.abc import Sequence


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else list(items))


def ordinal(number: object) -> str:
    """1st, 22nd, 90th."""
    text = str(number)
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(text[-1], "th")
    return text + ("th" if text[-2:] in ("11", "12", "13") else ending)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    first = next((i for i, letter in enumerate(text) if letter.isalnum()), 0)
    return f"{text[:first]}{text[first].upper()}{text[first + 1 :]}."
