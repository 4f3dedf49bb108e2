"""Candidate values of a question: numbers, dates, quoted text, and spans that are found in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from microgt.graph.candidate import ValueNode
from microgt.graph.cells import cells, letters, near_cells, other_names, switches
from microgt.graph.dates import dates
from microgt.graph.index import ValueIndex
from microgt.graph.numbers import numbers
from microgt.graph.phrases import announced, proper, quoted, unexplained
from microgt.graph.words import Words

MOST = 16
_EXPLAINS = 0.7  # a match this sure explains its words: they are not looked up in other ways


def find_values(words: Words, index: ValueIndex, named: frozenset[int], linked: Mapping[int, int]) -> tuple[ValueNode, ...]:
    """The candidates of a question, at most `MOST`, in the order of their words.

    named: words that name tables or columns exactly. linked: column -> the word that names it or its table.
    """
    found = [*cells(words, index, named), *other_names(words, index), *letters(words, index), *dates(words)]
    explained = _words_of(v for v in found if v.score >= _EXPLAINS)
    whole_dates = _words_of(v for v in found if v.source == "date" and v.span and v.span[1] - v.span[0] > 2)
    found += [v for v in numbers(words) if v.span and v.span[0] not in whole_dates]
    found += [*quoted(words), *announced(words), *switches(index, linked)]
    found += near_cells(words, index, explained | named)
    found += proper(words, explained | named)
    if index.open:
        found += unexplained(words, _words_of(found) | named)
    chosen = sorted(_merged(found), key=lambda v: -v.score)[:MOST]
    return tuple(sorted(chosen, key=lambda v: (v.span or (99, 99), -v.score)))


def _words_of(nodes: Iterable[ValueNode]) -> frozenset[int]:
    return frozenset(i for node in nodes if node.span for i in range(*node.span))


def _merged(nodes: list[ValueNode]) -> list[ValueNode]:
    """One node for each value: the surest, with the columns of all."""
    best: dict[tuple[str, object], ValueNode] = {}
    for node in sorted(nodes, key=lambda v: -v.score):
        key = (type(node.value).__name__, node.value)
        known = best.setdefault(key, node)
        if known is not node:
            best[key] = replace(known, columns=tuple(sorted({*known.columns, *node.columns})))
    return list(best.values())
