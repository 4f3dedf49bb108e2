"""Links of words with names that mean the same or nearly the same, by the thesaurus; beyond those that the graph has by spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from microgt.graph.graph import Graph
from microgt.graph.relations import Relation
from microgt.graph.thesaurus import LONGEST, NEAR, SAME, Thesaurus, thesaurus
from microgt.graph.words import STOP, stem

DEGREES = (SAME, NEAR)
# What a pair is unless something links it. Each has `len(DEGREES)` further relations behind those of the graph, in this order.
UNLINKED = (Relation.QC_NONE, Relation.CQ_NONE, Relation.QT_NONE, Relation.TQ_NONE)
RELATIONS = len(Relation) + len(UNLINKED) * len(DEGREES)
RELATION_NAMES = (*(r.name for r in Relation), *(f"{r.name[:2]}_{degree}" for r in UNLINKED for degree in ("SAME", "NEAR")))
# Of a word with a column and with a table.
SAME_COLUMN, NEAR_COLUMN, SAME_TABLE, NEAR_TABLE = (len(Relation) + i for i in (0, 1, 4, 5))
_STOP = STOP | {stem(word) for word in STOP}  # what is looked up are stems
_FURTHER = np.zeros((RELATIONS, len(DEGREES) + 1), dtype=np.uint8)
for _i, _relation in enumerate(UNLINKED):
    _FURTHER[_relation, 1:] = len(Relation) + len(DEGREES) * _i + np.arange(len(DEGREES))


def with_synonyms(graph: Graph, by: Thesaurus | None = None) -> Graph:
    """The graph with relations of their own where a phrase of the question means `SAME` as or `NEAR` to one in a table's or column's name.

    Only pairs that nothing else links are changed, and only of words that are no whole name themselves: where a table is called
    state, "states" means no country. Done twice it changes nothing more. by: by default the thesaurus of microgt.
    """
    q = len(graph.words)
    names = graph.tokens[q + 1 : q + 1 + len(graph.tables) + len(graph.columns)]
    schema = slice(q + 1, q + 1 + len(names))
    degrees = _degrees([token[0] for token in graph.tokens[:q]], names, by or thesaurus())
    degrees[np.isin(graph.relations[:q, schema], (Relation.QC_EXACT, Relation.QT_EXACT)).any(axis=1)] = 0
    if not degrees.any():
        return graph
    relations = graph.relations.copy()
    for block, of in ((relations[:q, schema], degrees), (relations[schema, :q], degrees.T)):
        further = _FURTHER[block, of]
        block[further > 0] = further[further > 0]
    return replace(graph, relations=relations)


def _degrees(stems: Sequence[str], names: Sequence[Sequence[str]], by: Thesaurus) -> np.ndarray:
    """uint8 [Q,T+C]: 0 where a word and a name have nothing in common, else the least degree of phrases that hold them."""
    places = defaultdict[str, list[int]](list)
    for i, name in enumerate(names):
        for phrase, _ in _phrases(name):
            places[phrase].append(i)
    found = np.zeros((len(stems), len(names)), dtype=np.uint8)
    for phrase, span in _phrases(stems):
        kin = by.kin(phrase)
        for other in kin.keys() & places.keys():
            block = found[span][:, places[other]]
            found[span, places[other]] = np.where((block == 0) | (block > kin[other]), kin[other], block)
    return found


def _phrases(stems: Sequence[str]) -> Iterator[tuple[str, slice]]:
    """All phrases of up to `LONGEST` words that say something, and where they are."""
    for begin in range(len(stems)):
        for end in range(begin + 1, min(begin + LONGEST, len(stems)) + 1):
            if stems[begin] not in _STOP and stems[end - 1] not in _STOP:
                yield " ".join(stems[begin:end]), slice(begin, end)
