"""Patterns of words: `only|just the? {values}`.

`a|b` is one of several words, `word?` may be left out, `{name}` is a slot: something that is found in the words, such as a period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from microgt.refine.said import Said

Slot = Callable[[Said, int], Iterator[tuple[int, Any]]]
Found = dict[str, Any]


def matches(pattern: str, said: Said, start: int, slots: Mapping[str, Slot]) -> Iterator[tuple[int, Found]]:
    """(end, what the slots hold) of the ways in which the pattern fits the words from `start` on. No pattern fits no words."""
    yield from ((end, found) for end, found in _from(pattern.split(), said, start, slots) if end > start)


def _from(parts: list[str], said: Said, at: int, slots: Mapping[str, Slot]) -> Iterator[tuple[int, Found]]:
    if not parts:
        yield at, {}
        return
    part, rest = parts[0], parts[1:]
    if part.startswith("{"):
        name = part.strip("{}")
        for end, found in slots[name.rstrip("12")](said, at):
            yield from ((last, {name: found} | others) for last, others in _from(rest, said, end, slots))
        return
    if at < len(said.words) and said.words[at] in part.rstrip("?").split("|"):
        yield from _from(rest, said, at + 1, slots)
    if part.endswith("?"):
        yield from _from(rest, said, at, slots)
