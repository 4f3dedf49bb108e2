"""Changes of names that keep the meaning: the schema says it otherwise than the question, or the question otherwise than the schema.

Each is an object `(item, rng) -> item`. Links are made again where a name has changed: words that no longer match are no longer linked.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping, Sequence

import numpy as np

from microgt.data.generator.synonyms import trained
from microgt.graph import Graph, Relation
from microgt.graph.words import STOP, split_words, stem
from microgt.training.links import relink, rename
from microgt.training.prepare import Prepared

Name = tuple[str, ...]  # stems
_ABBREVIATED = 3, 4  # letters left of a word


def _stems(table: Mapping[str, Sequence[str]]) -> dict[str, list[Name]]:
    found: dict[str, list[Name]] = {}
    for word, others in ((w, o) for w, o in table.items() if " " not in w):
        found.setdefault(stem(word), []).extend(tuple(map(stem, other.split())) for other in others)
    return found


class RenameSchema:
    """With probability `p`, each table and column gets another name with probability `each`.

    A word of it becomes a synonym or is cut short, its words are written as one, or the table's name comes before it or is left out.
    synonyms: word -> others, by default those that are trained with.
    """

    def __init__(self, p: float = 0.3, each: float = 0.3, synonyms: Mapping[str, Sequence[str]] | None = None):
        self.p, self.each, self.synonyms = p, each, _stems(trained() if synonyms is None else synonyms)

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        graph = item.graph
        first, columns = len(graph.words) + 1, len(graph.words) + 1 + len(graph.tables)
        tokens, changed = list(graph.tokens), []
        for node in range(first, columns + len(graph.columns)):
            if rng.random() < self.each:
                table = _table_of(graph, node - columns) if node >= columns else ()
                tokens[node] = self._renamed(tokens[node], table, rng)
                changed += [node] if tokens[node] != graph.tokens[node] else []
        return dataclasses.replace(item, graph=_with_names(graph, tokens, changed)) if changed else item

    def _renamed(self, name: Name, table: Name, rng: random.Random) -> Name:
        """table: the name of a column's table; empty for a table."""
        roll = rng.random()
        if roll < 0.5:
            places = [i for i, word in enumerate(name) if word in self.synonyms]
            if not places:
                return name
            i = rng.choice(places)
            return (*name[:i], *rng.choice(self.synonyms[name[i]]), *name[i + 1 :])
        if roll < 0.7:
            i = rng.randrange(len(name))
            return (*name[:i], name[i][: rng.choice(_ABBREVIATED)], *name[i + 1 :])
        if roll < 0.8:
            return ("".join(name),)
        rest = tuple(word for word in name if word not in table)
        if table and rest == name:
            return (*table, *name)
        return rest or name


class RenameAsked:
    """With probability `p`, each word of the question that names a table or column becomes a synonym with probability `each`.

    Words of values stay. synonyms: word -> others, of which those of one word are taken; by default those that are trained with.
    """

    def __init__(self, p: float = 0.3, each: float = 0.4, synonyms: Mapping[str, Sequence[str]] | None = None):
        self.p, self.each = p, each
        table = trained() if synonyms is None else synonyms
        self.synonyms = {
            word: single for word, others in table.items() if " " not in word and (single := [o for o in others if " " not in o])
        }
        self._heads = {stem(word): word for word in self.synonyms}

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        graph, new = item.graph, dict[int, str]()
        of_values = {i for value in graph.values if value.span and value.source != "words" for i in range(*value.span)}
        for i, word in enumerate(graph.words):
            head = self._heads.get(graph.tokens[i][0])
            if head and i not in of_values and _is_name(graph, i) and rng.random() < self.each:
                other = rng.choice(self.synonyms[head])
                new[i] = other.capitalize() if word[0].isupper() else other
        return dataclasses.replace(item, graph=_with_words(graph, new)) if new else item


def _table_of(graph: Graph, column: int) -> Name:
    """The name of a column's table."""
    return graph.tokens[len(graph.words) + 1 + graph.owners[column]]


def _is_name(graph: Graph, word: int) -> bool:
    if graph.tokens[word][0] in STOP:
        return False
    links = graph.relations[word, len(graph.words) + 1 :]
    return bool(np.isin(links, (Relation.QC_EXACT, Relation.QC_PARTIAL, Relation.QT_EXACT, Relation.QT_PARTIAL)).any())


def _with_names(graph: Graph, tokens: list[Name], changed: list[int]) -> Graph:
    graph = dataclasses.replace(graph, tokens=tuple(tokens), relations=graph.relations.copy())
    relink(graph, changed, graph.relations)
    rename(graph, changed, graph.relations)
    return graph


def _with_words(graph: Graph, new: Mapping[int, str]) -> Graph:
    """With other words at some places of the question."""
    words, tokens, text = list(graph.words), list(graph.tokens), graph.question
    spans = split_words(text).spans
    for i in sorted(new, reverse=True):
        words[i], tokens[i] = new[i], (stem(new[i]),)
        text = text[: spans[i][0]] + new[i] + text[spans[i][1] :]
    changed = dataclasses.replace(graph, question=text, words=tuple(words), tokens=tuple(tokens), relations=graph.relations.copy())
    first = len(words) + 1
    relink(changed, range(first, first + len(graph.tables) + len(graph.columns)), changed.relations)
    return changed
