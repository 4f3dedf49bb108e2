"""Links between a question's words and a name of the schema, made again after one of them has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from microgt.graph.graph import SURE, Graph
from microgt.graph.numbers import as_number
from microgt.graph.relations import BACK, BACK_TABLE, Relation
from microgt.graph.words import STOP
from microgt.schema.types import ColumnType

_TYPES = list(ColumnType)
_NUMBER, _TIME = _TYPES.index(ColumnType.NUMBER), _TYPES.index(ColumnType.TIME)
_NONE, _OF_NUMBER, _OF_TIME = int(Relation.QC_NONE), int(Relation.QC_NUMBER), int(Relation.QC_TIME)  # looking up members is slow


def relink(graph: Graph, nodes: Sequence[int], relations: np.ndarray) -> None:
    """Write into `relations` [N,N] the links of these tables and columns with all words, as linking would make them for `graph.tokens`.

    The candidates for values stay as they were found.
    """
    q, t = len(graph.words), len(graph.tables)
    stems, numbers = [token[0] for token in graph.tokens[:q]], {i: n for i, w in enumerate(graph.words) if (n := as_number(w)) is not None}
    for node in nodes:
        is_table = node <= q + t
        links = _names(stems, graph.tokens[node], is_table)
        if not is_table:
            _cells(graph, node, links, numbers)
        relations[:q, node] = links
        relations[node, :q] = links + (BACK_TABLE if is_table else BACK)


def rename(graph: Graph, nodes: Sequence[int], relations: np.ndarray) -> None:
    """Write which columns of different tables have the same name as these."""
    first = len(graph.words) + 1 + len(graph.tables)
    last = first + len(graph.columns)
    for node in (n for n in nodes if n >= first):
        others = first + np.flatnonzero(np.isin(relations[node, first:last], (Relation.CC_SAME_NAME, Relation.CC_NONE)))
        same = [graph.tokens[node] == graph.tokens[other] for other in others]
        relations[node, others] = relations[others, node] = np.where(same, Relation.CC_SAME_NAME, Relation.CC_NONE)


def _names(stems: list[str], name: tuple[str, ...], is_table: bool) -> np.ndarray:
    none, partial, exact = (
        (Relation.QT_NONE, Relation.QT_PARTIAL, Relation.QT_EXACT)
        if is_table
        else (Relation.QC_NONE, Relation.QC_PARTIAL, Relation.QC_EXACT)
    )
    parts = set(name) - STOP
    links = np.array([partial if stem in parts else none for stem in stems], dtype=np.uint8)
    for start in range(len(stems) - len(name) + 1):
        if tuple(stems[start : start + len(name)]) == name:
            links[start : start + len(name)] = exact
    return links


def _cells(graph: Graph, node: int, links: np.ndarray, numbers: Mapping[int, float]) -> None:
    """Cells, then the types of numbers and dates, where the column's name is not said. numbers: those of the words that are one."""
    column = node - len(graph.words) - 1 - len(graph.tables)
    for value in graph.values:
        if value.span and column in value.columns:
            said = links[slice(*value.span)]
            said[said != Relation.QC_EXACT] = Relation.QC_VALUE if value.score >= SURE else Relation.QC_VALUE_PARTIAL
    numeric, time = graph.flags[node, _NUMBER], graph.flags[node, _TIME]
    if numeric or time:
        for i, number in numbers.items():
            if links[i] == _NONE and numeric:
                links[i] = _OF_NUMBER
            elif links[i] == _NONE and isinstance(number, int) and 1900 <= number <= 2100:
                links[i] = _OF_TIME
    for value in graph.values if time else ():
        if value.source == "date" and value.span:
            said = links[slice(*value.span)]
            said[said == Relation.QC_NONE] = Relation.QC_TIME
