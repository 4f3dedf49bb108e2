"""Samples conditions together with their words.

filter.py    a condition, its column and its words
values.py    on texts and flags, and on whether there is a value at all
numbers.py   on numbers
periods.py   on dates
states.py    on whether something happened
brackets.py  one or another of these
sampler.py   any of them
"""

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.filters.sampler import FilterSampler

__all__ = ["Filter", "FilterSampler"]
