"""Text of a question that may be a value though no dictionary holds it: quoted, capitalised, or announced (`the letter a`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from microgt.graph.candidate import ValueNode
from microgt.graph.words import STOP, Words

_ANNOUNCE = frozenset(
    ("letter", "letters", "character", "characters", "word", "string", "substring", "phrase", "keyword", "prefix", "suffix", "pattern")
)
_STARTS = ("start", "starts", "starting", "begin", "begins", "beginning")
_MATCHES = frozenset((*_STARTS, "end", "ends", "ending", "contain", "contains", "containing", "include", "includes", "including"))
_LINKS = frozenset(("in", "of", "is", "are", "for", "from", "that", "and", "or", "as", "to", "with", "the", "at", "by", "on", "they"))
_SENTENCE_END = re.compile(r"[?!;:]\s|(?<=[a-z]{3})\.\s")
_JOINS = re.compile(r"[\s.&'’-]*")  # what may stand between the words of one name
_MOST_OPEN = 4


def quoted(words: Words) -> Iterator[ValueNode]:
    """What stands in quotes."""
    for span, text in words.quoted:
        if text:
            yield ValueNode(text, "quoted", span, (), 0.95)


def announced(words: Words) -> Iterator[ValueNode]:
    """`the letter a`, `the word love`, `starts with S`, `contains ha`."""
    inside = {i for span, _ in words.quoted for i in range(*span)}
    lower = [w.lower() for w in words.words]
    for i in range(1, len(lower)):
        if i in inside or lower[i] in _LINKS:
            continue
        verb = lower[i - 2] if i > 1 and lower[i - 1] == "with" else lower[i - 1]
        if lower[i - 1] in _ANNOUNCE or (verb in _MATCHES and lower[i] not in _ANNOUNCE and lower[i] not in STOP):
            sure = lower[i - 1] in _ANNOUNCE or len(lower[i]) <= 2
            yield ValueNode(words.words[i], "words", (i, i + 1), (), 0.7 if sure else 0.4)


def proper(words: Words, covered: Collection[int]) -> Iterator[ValueNode]:
    """Runs of capitalised words, a number behind them taken along: the whole run, and apart from it the parts that nothing explains."""
    inside = {i for span, _ in words.quoted for i in range(*span)}
    for start, end in _runs(words, inside):
        free = [i for i in range(start, end) if i not in covered]
        if not free:
            continue
        yield ValueNode(words.original(start, end), "words", (start, end), (), 0.46)
        if len(free) < end - start:
            for first, last in _pieces(free):
                yield ValueNode(words.original(first, last), "words", (first, last), (), 0.45)


def _runs(words: Words, inside: Collection[int]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words outside quotes; the first word of a sentence begins none."""
    start = None
    for i, word in enumerate(words.words):
        gap = words.text[words.spans[i - 1][1] : words.spans[i][0]] if i else ""
        opens = i == 0 or bool(_SENTENCE_END.search(words.words[i - 1][-3:] + gap))
        fits = i not in inside and not opens
        if start is not None and not (fits and _JOINS.fullmatch(gap) and (word[0].isupper() or word.isdigit())):
            yield start, i
            start = None
        if start is None and fits and word[0].isupper():
            start = i
    if start is not None:
        yield start, len(words.words)


def _pieces(places: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive places."""
    start = places[0]
    for a, b in zip(places, [*places[1:], -1], strict=True):
        if b != a + 1:
            yield start, a + 1
            start = b


def unexplained(words: Words, covered: Collection[int]) -> Iterator[ValueNode]:
    """Single words that nothing explains, for a database with text columns that have no dictionary."""
    free = [i for i, w in enumerate(words.words) if i not in covered and len(w) >= 3 and w.isalpha() and w.lower() not in STOP]
    for i in free[:_MOST_OPEN]:
        yield ValueNode(words.words[i], "words", (i, i + 1), (), 0.3)
