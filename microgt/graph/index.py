"""The dictionaries of a schema, prepared so that a question's words find values in a few lookups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from microgt.graph.candidate import ValueNode
from microgt.graph.fuzzy import Trigrams
from microgt.graph.words import STOP, normal, stem
from microgt.schema.types import ColumnType, Schema

LONGEST = 6  # words of a value that is looked up
LETTERS = {
    "F": ("female", "females", "woman", "women", "girl", "girls", "false"),
    "M": ("male", "males", "man", "men", "boy", "boys", "married"),
    "L": ("left", "lefthanded"),
    "R": ("right", "righthanded"),
    "T": ("true",),
    "Y": ("yes",),
    "N": ("no",),
    "S": ("single",),
}
_SWITCH = frozenset({"yes", "no", "y", "n", "true", "false", "t", "f", "0", "1"})
_SENTENCE = 4.5  # words of a cell on average, from which on a column holds free text
_FEW = 30  # values of a column whose cells are codes


class ValueIndex:
    """All dictionary values of a schema by their normal form, and the ways to a form: stems, words, beginnings, initials, codes.

    letters: one-letter values of tiny columns. switches: column -> its values, where these say yes or no. open: whether some text column
    has no dictionary, so that any word may be a cell.
    """

    def __init__(self, schema: Schema):
        self.exact: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.stems: dict[str, set[str]] = defaultdict(set)
        self.holding: dict[str, set[str]] = defaultdict(set)
        self.prefix: dict[str, set[str]] = defaultdict(set)
        self.initials: dict[str, set[str]] = defaultdict(set)
        self.codes: set[str] = set()
        self.letters: dict[str, set[int]] = defaultdict(set)
        self.switches: dict[int, tuple[str, ...]] = {}
        self.open = any(c.type is ColumnType.TEXT and not schema.values.get(c.id) for c in schema.columns)
        for number, column in enumerate(schema.columns):
            self._add_column(schema.values.get(column.id, ()), number)

    def _add_column(self, values: tuple[str, ...], column: int) -> None:
        sentences = sum(v.count(" ") + 1 for v in values) > _SENTENCE * len(values)
        for value in values:
            self._add(value, column, sentences)
        if 0 < len(values) <= 4:
            for value in values:
                if len(value) == 1 and value.upper() in LETTERS:
                    self.letters[value].add(column)
            if len(values) <= 3 and all(v.casefold() in _SWITCH for v in values):
                self.switches[column] = values
        if len(values) <= _FEW:
            self.codes |= {form for v in values if 3 <= len(form := v.casefold()) <= 4 and form.isalpha()}

    def _add(self, value: str, column: int, sentences: bool) -> None:
        form = normal(value)
        if not form:
            return
        new = form not in self.exact
        self.exact[form][value].add(column)
        if new:
            self._add_form(form, form.split(), sentences)

    def _add_form(self, form: str, words: list[str], sentences: bool) -> None:
        """sentences: of a column of notes, where a word that a question shares says nothing."""
        if len(words) <= LONGEST:
            self.stems[" ".join(stem(w) for w in words)].add(form)
        if len(words) == 1:
            if len(form) >= 4 and form.isalpha():
                self.prefix[form[:4]].add(form)
            return
        if len(words) <= 5:
            self.initials["".join(w[0] for w in words)].add(form)
        for word in set(words) if len(words) <= 8 and not sentences else ():
            if len(word) >= 4 and word not in STOP:
                self.holding[stem(word)].add(form)

    @cached_property
    def fuzzy(self) -> Trigrams:
        """Forms that a misspelt word is compared with; made when first needed."""
        return Trigrams([f for f in self.exact if len(f) >= 5 and not f[0].isdigit() and f.count(" ") < LONGEST])

    def columns(self, form: str) -> set[int]:
        """The columns that hold a form in any spelling."""
        return set().union(*self.exact[form].values())

    def nodes(self, form: str, span: tuple[int, int], score: float) -> Iterator[ValueNode]:
        """A node for each spelling of a normal form."""
        for value, columns in sorted(self.exact[form].items())[:3]:
            yield ValueNode(value, "cell", span, tuple(sorted(columns)), score)
