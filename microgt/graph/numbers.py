"""Numbers in a question: `1,500`, `2.5 million`, `180cm`, `twenty five`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from microgt.graph.candidate import ValueNode
from microgt.graph.words import Words

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen")
_UNITS += ("fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = {w: 10 * i for i, w in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)}
_NUMBERS = {w: i for i, w in enumerate(_UNITS)} | _TENS
_NUMBERS |= {"once": 1, "twice": 2, "dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
_GLUED_SCALE = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9}
_DIGITS = r"\d{1,100}(?:\.\d{1,100})?"  # more digits are no number that anything is compared with
_GLUED = re.compile(rf"({_DIGITS})([a-z]{{1,4}})")


def as_number(word: str) -> int | float | None:
    """`1,500` -> 1500, `0.5` -> 0.5, `three` -> 3."""
    if word.lower() in _NUMBERS:
        return _NUMBERS[word.lower()]
    text = word.replace(",", "")
    if not re.fullmatch(_DIGITS, text):
        return None
    return float(text) if "." in text else int(text)


def numbers(words: Words) -> Iterator[ValueNode]:
    """A node for each number; where two words make one (`2.5 million`, `twenty five`), for the first and for the whole."""
    done = -1
    for i, word in enumerate(words.words):
        number = as_number(word)
        if i == done:
            continue
        if number is None:
            yield from _glued(word.lower(), i)
            continue
        yield ValueNode(-number if _negative(words, i) else number, "number", (i, i + 1), (), 0.9 if word[0].isdigit() else 0.75)
        following = words.words[i + 1].lower() if i + 1 < len(words.words) else ""
        whole = _together(word.lower(), number, following)
        if whole is not None:
            done = i + 1
            yield ValueNode(whole, "number", (i, i + 2), (), 0.92)


def _together(word: str, number: int | float, following: str) -> int | float | None:
    """The number that two words make, if they do."""
    if following in _SCALE:
        return _whole(number * _SCALE[following])
    if word in _TENS and 0 < _NUMBERS.get(following, 0) < 10:
        return number + _NUMBERS[following]
    return None


def _glued(word: str, i: int) -> Iterator[ValueNode]:
    """`5k` is 5000; `180cm` and `5th` hold a number."""
    if match := _GLUED.fullmatch(word):
        scale = _GLUED_SCALE.get(match[2])
        if scale:
            yield ValueNode(_whole(float(match[1]) * scale), "number", (i, i + 1), (), 0.9)
        if not scale or match[2] == "m":  # metres as well as millions
            yield ValueNode(_whole(float(match[1])), "number", (i, i + 1), (), 0.7)


def _negative(words: Words, i: int) -> bool:
    start, _ = words.spans[i]
    return start > 0 and words.text[start - 1] == "-" and (start == 1 or words.text[start - 2] in " (=<>")


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number
