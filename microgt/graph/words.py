"""Questions and names as words and stems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")
_TOKEN = re.compile(r"\d+(?:[-/:]\d+)+|\d+(?:,\d{3})*(?:\.\d+)?(?![^\W_])|[^\W_]+|[%$€£#*+<>=]")
_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)|\"([^\"]+)\"|“([^”]+)”|‘([^’]+)’|`([^`]+)`")

STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "to",
        "for",
        "from",
        "with",
        "without",
        "and",
        "or",
        "not",
        "no",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "how",
        "many",
        "much",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "that",
        "this",
        "these",
        "those",
        "there",
        "it",
        "its",
        "their",
        "they",
        "them",
        "he",
        "she",
        "his",
        "her",
        "we",
        "you",
        "i",
        "me",
        "my",
        "our",
        "your",
        "all",
        "any",
        "each",
        "every",
        "more",
        "most",
        "less",
        "least",
        "than",
        "as",
        "per",
        "show",
        "list",
        "give",
        "find",
        "get",
        "tell",
        "please",
        "can",
        "could",
        "would",
        "will",
        "much",
        "also",
        "both",
        "only",
        "between",
    ]
)


@dataclass(frozen=True, slots=True)
class Words:
    """A question cut into words. quoted: spans (first word, end exclusive) with the text between the quotes."""

    words: tuple[str, ...]
    quoted: tuple[tuple[tuple[int, int], str], ...]
    spans: tuple[tuple[int, int], ...]
    text: str

    def original(self, start: int, end: int) -> str:
        """The question's own text from word `start` to word `end` (exclusive)."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]


def split_words(question: str) -> Words:
    """Cut a question into words; numbers, dates (2023-05-01) and symbols are words."""
    found = list(_TOKEN.finditer(question))
    spans = tuple((m.start(), m.end()) for m in found)
    quoted = []
    for match in _QUOTED.finditer(question):
        inside = [i for i, (a, b) in enumerate(spans) if match.start() <= a and b <= match.end()]
        if inside:
            text = next(g for g in match.groups() if g is not None)
            quoted.append(((inside[0], inside[-1] + 1), text.strip()))
    return Words(tuple(m.group() for m in found), tuple(quoted), spans, question)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The English stem of a word, lower case."""
    return _STEMMER.stemWord(word.lower())


@lru_cache(maxsize=200_000)
def normal(text: str) -> str:
    """A value in the form in which it is compared: case folded, its words joined by one blank."""
    return " ".join(m.group().casefold() for m in _TOKEN.finditer(text))
