"""Conditions of which one or another holds: what stands in brackets in a spec."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from microgt.data.generator.filters.filter import Filter
from microgt.data.generator.phrases import pick
from microgt.spec.types import And, Or

_TRIES = 6
_EITHER = ("{a} or {b}", "{a} or {b}", "either {a} or {b}", "{a}, or {b}", "{a} or else {b}")
_BEHIND = ("either {a} or {b}", "either {a} or {b}", "({a} or {b})")
_NEGATED = re.compile(r"^(?:not|no|neither|unknown|missing)\b|\b(?:other than|nor|without)\b")
# Where both conditions begin alike, that said once, the last forms behind others too: "that have either more than 3 seats or a discount".
_ALIKE = {
    "with": (("with {a} or {b}", "having {a} or {b}"), ("with either {a} or {b}",)),
    "that are": (("that are {a} or {b}", "are {a} or {b}", "that are {a}, or {b}"), ("that are either {a} or {b}",)),
    "whose": (("whose {a} or whose {b}", "whose {a} or {b}", "whose {a} or else whose {b}"), ()),
    "where": (("where {a} or {b}", "if {a} or {b}"), ("where either {a} or {b}",)),
}
_OR_BOTH = ("{a}, or {b} and {c}", "{a} or {b} and {c}", "{a}, or both {b} and {c}", "{a} or that are {b} {c}", "{a}, or {b} {c}")
_EACH = (
    "{a} and {b}, or {c} and {d}", "{a} {b} or {c} {d}", "{a} and {b} or {c} and {d}", "either {a} {b} or {c} {d}",
    "{a} {b} plus those {c} {d}", "{a} {b} and also those {c} {d}", "{a} {b} as well as {c} {d}", "{a} {b}, plus {c} {d}",
)  # fmt: skip


@dataclass(frozen=True)
class BracketFilters:
    """Samples conditions made of others. one: a condition on one column of the rows of a table, or None."""

    one: Callable[[str], Filter | None]
    rng: random.Random

    def either(self, table: str) -> Filter | None:
        """One of two conditions on different columns."""
        return self._either(table, _EITHER, behind=False)

    def behind(self, table: str) -> Filter | None:
        """The same, to be said behind a further condition."""
        return self._either(table, _BEHIND, behind=True)

    def _either(self, table: str, forms: tuple[str, ...], *, behind: bool) -> Filter | None:
        parts = self._apart(table, 2)
        if parts is None:
            return None
        a, b = parts
        before = f"{a.before} or {b.before}" if a.before and b.before else ""
        said = self._once(a.words, b.words, behind) or pick(self.rng, forms, a=a.words, b=b.words)
        return _joined(Or(args=(a.node, b.node)), parts, said, before)

    def _once(self, a: str, b: str, behind: bool) -> str:
        """Two conditions that begin alike, with the beginning said once; nothing where they do not, or where it would carry a "not" on."""
        for start, (alone, anywhere) in _ALIKE.items():
            if a.startswith(start + " ") and b.startswith(start + " "):
                forms = anywhere if behind else (*alone, *anywhere)
                a, b = a.removeprefix(start + " "), b.removeprefix(start + " ")
                return pick(self.rng, forms, a=a, b=b) if forms and not (_NEGATED.search(a) or _NEGATED.search(b)) else ""
        return ""

    def or_both(self, table: str) -> Filter | None:
        """One condition, or two others together."""
        parts = self._apart(table, 3)
        if parts is None:
            return None
        a, b, c = parts
        node = Or(args=(a.node, And(args=(b.node, c.node))))
        return _joined(node, parts, pick(self.rng, _OR_BOTH, a=a.words, b=b.words, c=c.words))

    def each(self, table: str) -> Filter | None:
        """Two conditions together, or two others on the same columns."""
        first, second = self._apart(table, 2), None
        for _ in range(_TRIES if first else 0):
            second = self._apart(table, 2)
            if second and first and [p.column for p in second] == [p.column for p in first] and _differ(first, second):
                break
            second = None
        if first is None or second is None:
            return None
        node = Or(args=(And(args=tuple(p.node for p in first)), And(args=tuple(p.node for p in second))))
        said = pick(self.rng, _EACH, a=first[0].words, b=first[1].words, c=second[0].words, d=second[1].words)
        return _joined(node, first, said)

    def _apart(self, table: str, count: int) -> list[Filter] | None:
        """So many conditions on different columns, whose words can be said one after another."""
        found: list[Filter] = []
        for _ in range(_TRIES):
            new = self.one(table)
            if new and new.words[:1].isalnum() and new.column not in {f.column for f in found}:
                found.append(new)
            if len(found) == count:
                return found
        return None


def _differ(first: list[Filter], second: list[Filter]) -> bool:
    return all(a.node != b.node for a, b in zip(first, second, strict=True))


def _joined(node: Any, parts: list[Filter], words: str, before: str = "") -> Filter:
    return Filter(node, parts[0].column, words, before, tuple(p.column for p in parts[1:]))
