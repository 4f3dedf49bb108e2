"""Candidate values of a question: numbers, dates, quoted text, and spans that are found in the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from microgt.graph.words import STOP, Words, normal, stem
from microgt.schema.types import Schema

MOST = 16
_LONGEST = 6
_NUMBERS = {
    w: i for i, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])
}
_NUMBERS |= {"once": 1, "twice": 2, "dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_MONTHS = {
    m[:3]: m
    for m in ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
}
_SCALE = {"k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "thousand": 1e3, "bn": 1e9, "billion": 1e9, "hundred": 1e2}
_LETTERS = {
    "F": ("female", "females", "woman", "women", "girl", "girls", "false"),
    "M": ("male", "males", "man", "men", "boy", "boys", "married"),
    "L": ("left", "lefthanded"),
    "R": ("right", "righthanded"),
    "T": ("true",),
    "Y": ("yes",),
    "N": ("no",),
    "S": ("single",),
}

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


class ValueIndex:
    """All dictionary values of a schema by their normal form, by stems, by single words and by first letters."""

    def __init__(self, schema: Schema):
        self.exact: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.stems: dict[str, set[str]] = defaultdict(set)
        self.holding: dict[str, set[str]] = defaultdict(set)
        self.prefix: dict[str, set[str]] = defaultdict(set)
        self.letters: dict[str, set[int]] = defaultdict(set)
        for number, column in enumerate(schema.columns):
            values = schema.values.get(column.id, ())
            for value in values:
                self._add(value, number)
            if 0 < len(values) <= 4:
                for value in values:
                    if len(value) == 1 and value.upper() in _LETTERS:
                        self.letters[value].add(number)

    def _add(self, value: str, column: int) -> None:
        form = normal(value)
        if not form:
            return
        new = form not in self.exact
        self.exact[form][value].add(column)
        if not new:
            return
        words = form.split()
        if len(words) <= _LONGEST:
            self.stems[" ".join(stem(w) for w in words)].add(form)
        if len(words) == 1 and len(form) >= 4 and form.isalpha():
            self.prefix[form[:4]].add(form)
        for word in set(words) if 1 < len(words) <= 8 else ():
            if len(word) >= 4 and word not in STOP:
                self.holding[stem(word)].add(form)

    def nodes(self, form: str, span: tuple[int, int], score: float) -> Iterator[ValueNode]:
        """A node for each spelling of a normal form."""
        for value, columns in sorted(self.exact[form].items())[:3]:
            yield ValueNode(value, "cell", span, tuple(sorted(columns)), score)


def find_values(words: Words, index: ValueIndex, named: frozenset[int]) -> tuple[ValueNode, ...]:
    """The candidates of a question, at most `MOST`, in the order of their words. named: words that name tables or columns exactly."""
    cells = list(_cells(words, index, named))
    covered = {i for v in cells if v.score >= 0.7 and v.span for i in range(*v.span)}
    found = [*cells, *_quoted(words), *_numbers(words), *_dates(words), *_letters(words, index)]
    found += _near(words, index, covered | named) + list(_proper(words, covered | named))
    best: dict[tuple[str, object], ValueNode] = {}
    for node in sorted(found, key=lambda v: -v.score):
        key = (type(node.value).__name__, node.value)
        known = best.setdefault(key, node)
        if known is not node:
            best[key] = replace(known, columns=tuple(sorted({*known.columns, *node.columns})))
    chosen = sorted(best.values(), key=lambda v: -v.score)[:MOST]
    return tuple(sorted(chosen, key=lambda v: (v.span or (99, 99), -v.score)))


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Spans of up to six words, longest first."""
    for length in range(min(_LONGEST, count), 0, -1):
        for start in range(count - length + 1):
            yield start, start + length


def _cells(words: Words, index: ValueIndex, named: frozenset[int]) -> Iterator[ValueNode]:
    """Spans that are a dictionary value, exactly or by stems; spans inside a longer match are left out."""
    quoted = {i for span, _ in words.quoted for i in range(*span)}
    taken: list[tuple[int, int]] = []
    for start, end in _spans(len(words.words)):
        part = words.words[start:end]
        inside = any(a <= start and end <= b for a, b in taken)
        form = " ".join(w.casefold() for w in part)
        if end - start == 1 and not _worth_looking_up(part[0], start in quoted):
            continue
        by_stem = form not in index.exact
        forms = index.stems.get(" ".join(stem(w) for w in part), ()) if by_stem else (form,)
        if not forms or (inside and start not in quoted):
            continue
        score = 0.8 + 0.03 * (end - start) - 0.1 * by_stem + 0.1 * (start in quoted)
        if end - start == 1:
            score -= 0.3 * (start in named) + 0.05 * part[0].islower()
        taken.append((start, end))
        for one in sorted(forms)[:3]:
            yield from index.nodes(one, (start, end), score)


def _worth_looking_up(word: str, quoted: bool) -> bool:
    if quoted:
        return True
    return word.casefold() not in STOP if not word.isupper() else len(word) > 1 or word not in ("A", "I")


def _quoted(words: Words) -> Iterator[ValueNode]:
    for span, text in words.quoted:
        if text:
            yield ValueNode(text, "quoted", span, (), 0.95)


def as_number(word: str) -> int | float | None:
    """`1,500` -> 1500, `0.5` -> 0.5, `three` -> 3."""
    if word.lower() in _NUMBERS:
        return _NUMBERS[word.lower()]
    text = word.replace(",", "")
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        return None
    return float(text) if "." in text else int(text)


def _numbers(words: Words) -> Iterator[ValueNode]:
    for i, word in enumerate(words.words):
        number = as_number(word)
        if number is not None:
            start, _ = words.spans[i]
            negative = start > 0 and words.text[start - 1] == "-" and (start == 1 or words.text[start - 2] in " (=<>")
            yield ValueNode(-number if negative else number, "number", (i, i + 1), (), 0.9 if word[0].isdigit() else 0.75)
            following = words.words[i + 1].lower() if i + 1 < len(words.words) else ""
            if following in _SCALE and following not in ("m", "k"):
                yield ValueNode(_whole(number * _SCALE[following]), "number", (i, i + 2), (), 0.92)
        elif scaled := re.fullmatch(r"(\d+(?:\.\d+)?)(k|m|bn|mn)", word.lower()):
            yield ValueNode(_whole(float(scaled[1]) * _SCALE[scaled[2]]), "number", (i, i + 1), (), 0.9)


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _dates(words: Words) -> Iterator[ValueNode]:
    """ISO dates, `Q2`, `Q2 2023`, month names with or without a year."""
    lower = [w.lower() for w in words.words]
    for i, word in enumerate(lower):
        year = next((w for w in lower[i + 1 : i + 3] if re.fullmatch(r"(19|20)\d\d", w)), None)
        near = i + 2 if i + 1 < len(lower) and lower[i + 1] == year else i + 3
        if re.fullmatch(r"\d+(?:[-/:]\d+)+", word):
            yield ValueNode(words.words[i], "date", (i, i + 1), (), 0.9)
        elif re.fullmatch(r"q[1-4]", word):
            yield ValueNode(f"{word.upper()} {year}" if year else word.upper(), "date", (i, near if year else i + 1), (), 0.9)
        elif (
            (month := _MONTHS.get(word[:3]))
            and (word == month or word in (month[:3], "sept"))
            and (word != "may" or words.words[i][0] == "M")
        ):
            name = month.capitalize()
            yield ValueNode(f"{name} {year}" if year else name, "date", (i, near if year else i + 1), (), 0.85)


def _letters(words: Words, index: ValueIndex) -> Iterator[ValueNode]:
    """`female` -> F, where a column holds little else than such letters."""
    for letter, columns in index.letters.items():
        for i, word in enumerate(words.words):
            if word.lower() in _LETTERS[letter.upper()]:
                yield ValueNode(letter, "cell", (i, i + 1), tuple(sorted(columns)), 0.7)


def _near(words: Words, index: ValueIndex, covered: frozenset[int] | set[int]) -> list[ValueNode]:
    """A word that is part of a value (`Kennedy` in `John F Kennedy International`), or shares its beginning (`American`, `America`)."""
    found: list[ValueNode] = []
    for i, word in enumerate(words.words):
        form = word.casefold()
        if i in covered or len(form) < 4 or not form.isalpha() or form in STOP:
            continue
        proper = word[0].isupper() and i > 0
        holders = index.holding.get(stem(form), set())
        if 0 < len(holders) <= 4:
            for holder in sorted(holders):
                found += index.nodes(holder, (i, i + 1), 0.5 if proper else 0.35)
        for near in sorted(index.prefix.get(form[:4], ()))[:6]:
            shared = next((k for k, (a, b) in enumerate(zip(form, near, strict=False)) if a != b), min(len(form), len(near)))
            if shared >= 0.7 * max(len(form), len(near)) - 1 and near != form:
                found += index.nodes(near, (i, i + 1), 0.55 if proper else 0.4)
    return found


def _proper(words: Words, covered: frozenset[int] | set[int]) -> Iterator[ValueNode]:
    """Runs of capitalised words that nothing else explains: a value that may not be in the database."""
    i = 1
    while i < len(words.words):
        end = i
        while end < len(words.words) and words.words[end][0].isupper() and end not in covered:
            end += 1
        if end > i:
            yield ValueNode(words.original(i, end), "words", (i, end), (), 0.45)
        i = max(end, i + 1)
