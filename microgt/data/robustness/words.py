"""Where a question says what its gold means, so that only that is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from microgt.graph.words import split_words, stem
from microgt.spec.types import Spec, Value
from microgt.spec.walk import walk

Span = tuple[int, int]


@dataclass(frozen=True)
class Said:
    """A value of the gold and the characters of the question that say it."""

    text: str
    span: Span


def values_said(question: str, spec: Spec) -> list[Said]:
    """The text values of the gold that stand in the question, patterns without their signs, none inside another."""
    texts = {node.value.strip("%") for _, node in walk(spec) if isinstance(node, Value) and isinstance(node.value, str)}
    found: list[Said] = []
    for text in sorted(filter(str.strip, texts), key=lambda text: (-len(text), text)):
        for match in re.finditer(rf"(?<!\w){re.escape(text)}(?!\w)", question, re.IGNORECASE):
            if not any(overlaps(match.span(), other.span) for other in found):
                found.append(Said(text, match.span()))
    return found


def quoted(question: str) -> list[Span]:
    """What stands between quotes."""
    words = split_words(question)
    return [(words.spans[start][0], words.spans[end - 1][1]) for (start, end), _ in words.quoted]


def places(question: str, phrase: tuple[str, ...]) -> Iterator[tuple[Span, str]]:
    """(characters, last word) of each place where the words of a name stand one after another, the last one maybe in the plural."""
    words = split_words(question)
    stems = [stem(w) for w in words.words]
    wanted = [stem(w) for w in phrase]
    for i in range(len(stems) - len(wanted) + 1):
        if stems[i : i + len(wanted)] == wanted:
            last = words.words[i + len(wanted) - 1]
            yield (words.spans[i][0], words.spans[i + len(wanted) - 1][1]), last


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def replaced(question: str, changes: Iterable[tuple[Span, str]]) -> str:
    """The question with each span exchanged. An article before one follows its new sound."""
    for (start, end), new in sorted(changes, reverse=True):
        sound = r"\1n " if new[:1].lower() in ("a", "e", "i", "o") else r"\1 "
        question = re.sub(r"(?<!\w)([Aa])n? $", sound, question[:start]) + new + question[end:]
    return question
