"""Words of the schema replaced by synonyms, only where the question means what its gold names."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterator

from microgt.data.example import Example
from microgt.data.generator.profile import plural
from microgt.data.robustness.lexicon import Lexicon, Part, lexicon
from microgt.data.robustness.pointers import named
from microgt.data.robustness.words import Span, overlaps, places, quoted, replaced, values_said
from microgt.graph.words import split_words, stem
from microgt.schema.types import Schema

# Words that are verbs too: after one of the others they are nouns.
_VERBS = re.compile(
    "age|bill|book|claim|coach|cost|delay|head|host|judge|lead|order|park|plan|play|purchase|rank|rate|return|score|sponsor|test|trade|track|"
    "visit|vote"
)
_BEFORE_NOUNS = re.compile(
    "the|an?|of|each|every|all|any|different|distinct|by|for|their|its|his|her|many|per|which|what|with|in|average|total|maximum|minimum|"
    "highest|lowest|most|least|new|old|first|last|and|or"
)
_SORTING = re.compile("in|ascending|descending|alphabetical|alphabetic|lexicographic|increasing|decreasing|chronological|reverse")
_COUNTED = frozenset(["number", "amount", "quantity", "part", "kind", "type"])  # "the number of": no column is meant

# The noun of a phrase, whose plural is that of the phrase: places of work, persons taking part.
_NOUN = re.compile(r".+?(?= (?:of|on|in|for|at|to|from|with|or|one|who|put|sent|taking|staying|running|visiting|signed|enrolled)\b|$)")


class Synonyms:
    """With probability `p` each, the words of gold's tables and columns become others of a half of the lexicon.

    A synonym that is the name of something else in the schema is not taken. What is quoted or a value stays.
    """

    def __init__(self, part: Part = "all", p: float = 1.0):
        self.part, self.p = part, p
        self.entries: Lexicon = {tuple(map(stem, head)): others for head, others in lexicon(part).items()}
        self.heads = {tuple(map(stem, head)): head for head in lexicon(part)}

    def __call__(self, example: Example, schema: Schema, rng: random.Random) -> Example:
        assert example.spec is not None
        question = example.question
        taken = [*(said.span for said in values_said(question, example.spec)), *quoted(question)]
        known = {tuple(map(stem, item.words)) for table in schema.tables for item in (table, *table.columns)}
        changes: list[tuple[Span, str]] = []
        for key in self._heads_in({tuple(map(stem, item.words)) for item in named(example.spec, schema)}):
            spans = [s for s in self._places(question, self.heads[key]) if not any(overlaps(s, other) for other in taken)]
            others = [o for o in self.entries[key] if not _means_else(tuple(map(stem, o.split())), known)]
            if spans and others and rng.random() < self.p:
                new = rng.choice(others)
                changes += [(span, _in_form_of(question[slice(*span)], new, self.heads[key])) for span in spans]
                taken += spans
        return dataclasses.replace(example, question=replaced(question, changes)) if changes else example

    def _heads_in(self, names: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The lexicon's entries that are parts of names, the longest first."""
        parts = {name[i:j] for name in names for i in range(len(name)) for j in range(i + 1, len(name) + 1)}
        return sorted(parts & self.entries.keys(), key=lambda part: (-len(part), part))

    @staticmethod
    def _places(question: str, head: tuple[str, ...]) -> Iterator[Span]:
        words = split_words(question)
        starts = {start: i for i, (start, _) in enumerate(words.spans)}
        for span, last in places(question, head):
            first = starts[span[0]]
            before = [w.lower() for w in words.words[max(0, first - 2) : first]]
            after = words.words[first + len(head)].lower() if first + len(head) < len(words.words) else ""
            if last.lower() in (head[-1], plural(head[-1])) and _is_noun(head, before, after):
                yield span


def _is_noun(head: tuple[str, ...], before: list[str], after: str) -> bool:
    if not before or (_VERBS.fullmatch(head[0]) and not _BEFORE_NOUNS.fullmatch(before[-1])):
        return False
    if head == ("order",) and (after in ("of", "by") or any(map(_SORTING.fullmatch, before))):
        return False
    return not (head[0] in _COUNTED and len(head) == 1 and after == "of")


def _means_else(synonym: tuple[str, ...], known: set[tuple[str, ...]]) -> bool:
    """Whether all its words are in the name of another table or column."""
    return any(set(synonym) <= set(name) for name in known)


def _in_form_of(old: str, new: str, head: tuple[str, ...]) -> str:
    """The synonym in the number and the case of what it stands for."""
    if old.lower().split()[-1] != head[-1]:
        noun = _NOUN.match(new)
        assert noun
        new = _many(noun[0]) + new[noun.end() :]
    return new.title() if old.istitle() else new


def _many(noun: str) -> str:
    return noun[:-2] + "en" if noun.endswith("man") else plural(noun)
