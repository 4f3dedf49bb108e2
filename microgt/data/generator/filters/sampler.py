"""Any condition, frequent kinds more often."""

from __future__ import annotations

import random

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.filters.numbers import NumberFilters
from microgt.data.generator.filters.periods import PeriodFilters
from microgt.data.generator.filters.values import ValueFilters
from microgt.data.generator.profile import Profile


class FilterSampler:
    """Samples filters on a table's own and its parents' columns."""

    def __init__(self, profile: Profile, rng: random.Random):
        self.rng = rng
        self.values, self.numbers, self.periods = ValueFilters(profile, rng), NumberFilters(profile, rng), PeriodFilters(profile, rng)

    def sample(self, table: str) -> Filter | None:
        """Any kind of filter, frequent kinds more often."""
        values, numbers = self.values, self.numbers
        kinds = (
            (values.text, 9),
            (self.periods.period, 6),
            (numbers.number, 4),
            (values.excluded, 1.2),
            (values.missing, 1),
            (values.either, 1.2),
            (numbers.between, 1),
            (values.contains, 0.5),
            (values.flag, 1.5),
        )
        for kind, _ in self.rng.choices(kinds, [weight for _, weight in kinds], k=4):
            if found := kind(table):
                return found
        return None
