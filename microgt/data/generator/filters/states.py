"""Conditions that something happened to a row, or has not yet: that a date of it is there or is not."""

from __future__ import annotations

import random
from dataclasses import dataclass

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import pick
from microgt.data.generator.profile import Profile
from microgt.schema.types import Column
from microgt.spec.types import Col, IsNull, Not

_NOT_YET = (
    "that have not {b} yet", "that were never {b}", "that never {b}", "never {b}", "not {b} yet", "not yet {b}", "that have not been {b}", "who never {b}",
    "still not {b}", "which are not {b}", "that have not {b}", "that are not {b}", "who have not {b}", "that nobody has {b}", "still to be {b}",
)  # fmt: skip
_DONE = (
    "that were {b}", "that have been {b}", "that {b}", "who {b}", "which have already been {b}", "that are {b}", "already {b}", "have {b}", "that have {b}",
    "were {b}", "that got {b}", "which {b} at some point",
)  # fmt: skip


@dataclass(frozen=True)
class StateFilters:
    """Samples such conditions on dates of a table but its first, which says when the row began."""

    profile: Profile
    rng: random.Random

    def not_yet(self, table: str) -> Filter | None:
        """No date is there."""
        found = self._event(table)
        if found is None:
            return None
        column, verb = found
        before = self.rng.choice((f"not yet {verb}", f"un{verb}", f"not {verb}"))
        return Filter(IsNull(of=Col(column=column.id)), column.id, pick(self.rng, _NOT_YET, b=verb), before)

    def done(self, table: str) -> Filter | None:
        """A date is there."""
        found = self._event(table)
        if found is None:
            return None
        column, verb = found
        return Filter(Not(arg=IsNull(of=Col(column=column.id))), column.id, pick(self.rng, _DONE, b=verb), verb)

    def _event(self, table: str) -> tuple[Column, str] | None:
        own = [d.column for d in self.profile.dates(table) if d.column.table == table]
        options = [(column, verb) for column in own[1:] for verb in self.profile.verbs(column, table)]
        return self.rng.choice(options) if options else None
