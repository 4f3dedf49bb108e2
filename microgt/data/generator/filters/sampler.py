"""Any condition, frequent kinds more often."""

from __future__ import annotations

import random

from microgt.data.generator.filters.brackets import BracketFilters
from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.filters.numbers import NumberFilters
from microgt.data.generator.filters.periods import PeriodFilters
from microgt.data.generator.filters.states import StateFilters
from microgt.data.generator.filters.values import ValueFilters
from microgt.data.generator.profile import Profile

_BRACKETS = 0.22  # how often


class FilterSampler:
    """Samples filters on a table's own and its parents' columns."""

    def __init__(self, profile: Profile, rng: random.Random):
        self.rng = rng
        self.values, self.numbers, self.periods = ValueFilters(profile, rng), NumberFilters(profile, rng), PeriodFilters(profile, rng)
        self.states = StateFilters(profile, rng)
        self.brackets = BracketFilters(self.simple, rng)

    def last(self, table: str, *, alone: bool) -> Filter | None:
        """The last of a question's conditions, seldom several of which one holds. alone: whether it is the only one.

        Where it is not, "either" has to say where the brackets begin.
        """
        if self.rng.random() < _BRACKETS:
            brackets = self.brackets
            kinds = (brackets.either, brackets.or_both, brackets.each) if alone else (brackets.behind,)
            kind = self.rng.choices(kinds, (5, 3, 2)[: len(kinds)])[0]
            if found := kind(table):
                return found
        return self.simple(table)

    def simple(self, table: str) -> Filter | None:
        """A condition on one column, frequent kinds more often."""
        values, numbers, states = self.values, self.numbers, self.states
        kinds = (
            (values.text, 9),
            (self.periods.period, 6),
            (numbers.number, 4),
            (values.excluded, 1.2),
            (values.missing, 1),
            (values.either, 3),
            (values.neither, 0.6),
            (numbers.between, 1),
            (values.contains, 0.5),
            (values.flag, 1.5),
            (states.not_yet, 0.7),
            (states.done, 0.7),
        )
        for kind, _ in self.rng.choices(kinds, [weight for _, weight in kinds], k=4):
            if found := kind(table):
                return found
        return None
