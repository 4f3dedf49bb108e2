"""Changes to training items that keep their meaning: fewer columns, other names. Each is an object `(item, rng) -> item`."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

from microgt.model.lexicon import NONCES
from microgt.spec.grammar import ActionKind
from microgt.training.fewer import rearranged
from microgt.training.prepare import Prepared


class DropColumns:
    """With probability `p`, drop columns that the gold does not use, so that at most `keep` and at least the used ones stay.

    Schemas wider than `cap` columns are always cut to `cap` (attention is quadratic in nodes).
    """

    def __init__(self, p: float = 0.25, cap: int = 36):
        self.p, self.cap = p, cap

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        count = len(item.graph.columns)
        keep = self.cap if count > self.cap else count
        if rng.random() < self.p:
            keep = min(keep, rng.randint(max(1, count // 3), count))
        if keep >= count:
            return item
        used = {a.index for a in item.actions if a.kind is ActionKind.COLUMN}
        others = [i for i in range(count) if i not in used]
        kept = sorted(used | set(rng.sample(others, max(0, min(len(others), keep - len(used))))))
        return rearranged(item, list(range(len(item.graph.tables))), kept)


class RenameLinked:
    """With probability `p`, replace each word that the question shares with the schema by a random nonce on both sides.

    The model then has to read the links instead of remembering names. A fresh shared vector stands for each word.
    """

    def __init__(self, p: float = 0.3, each: float = 0.5):
        self.p, self.each = p, each

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        if rng.random() >= self.p:
            return item
        graph = item.graph
        words = {t for node in graph.tokens[: len(graph.words)] for t in node}
        shared = sorted(words & {t for node in graph.tokens[len(graph.words) + 1 :] for t in node})
        chosen = [w for w in shared if rng.random() < self.each][: len(NONCES)]
        if not chosen:
            return item
        nonce = dict(zip(chosen, rng.sample(NONCES, len(chosen)), strict=True))
        tokens = tuple(tuple(nonce.get(t, t) for t in node) for node in graph.tokens)
        return dataclasses.replace(item, graph=dataclasses.replace(graph, tokens=tokens))


class Augment:
    """Several changes in turn."""

    def __init__(self, steps: Sequence = (DropColumns(), RenameLinked())):
        self.steps = tuple(steps)

    @property
    def cap(self) -> int | None:
        """Columns that are left of any schema at most, but for those that the gold uses; None: all may be."""
        return min((step.cap for step in self.steps if isinstance(step, DropColumns)), default=None)

    def __call__(self, item: Prepared, rng: random.Random) -> Prepared:
        for step in self.steps:
            item = step(item, rng)
        return item
