"""The order of training items. The batch of step t is a pure function of (seed, rank, t), so that resuming replays it exactly."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from torch.utils.data import IterableDataset

from microgt.training.prepare import Prepared


class Pool:
    """Items of one kind and the share of them that each epoch draws (1.0: all, in a new order; 0.5: a random half)."""

    def __init__(self, items: Sequence[Prepared], share: float = 1.0):
        self.items, self.share = items, share

    def draw(self, rng: random.Random) -> list[Prepared]:
        """The items of one epoch."""
        whole, part = divmod(self.share, 1.0)
        drawn = list(self.items) * int(whole)
        return drawn + rng.sample(list(self.items), round(part * len(self.items)))


class BatchStream(IterableDataset):
    """Endless batches of similar length, from step `start` on.

    pools: what each epoch draws from. batch_size: items a batch. rank, world: this process of how many; each takes its own batches.
    collate: items and the step's random generator -> batch.
    """

    def __init__(
        self,
        pools: Sequence[Pool],
        *,
        batch_size: int,
        seed: int,
        collate: Callable[[list[Prepared], random.Random], Any],
        start: int = 0,
        rank: int = 0,
        world: int = 1,
    ):
        self.pools, self.batch_size, self.seed, self.collate = pools, batch_size, seed, collate
        self.start, self.rank, self.world = start, rank, world

    def epoch(self, number: int) -> list[list[Prepared]]:
        """The batches of one epoch: shuffled, grouped by size inside chunks, batches shuffled again."""
        rng = random.Random(f"{self.seed}/{number}")
        items = [item for pool in self.pools for item in pool.draw(rng)]
        rng.shuffle(items)
        chunk, batches = self.batch_size * 32, []
        for begin in range(0, len(items), chunk):
            part = sorted(items[begin : begin + chunk], key=_size)
            batches += [part[i : i + self.batch_size] for i in range(0, len(part), self.batch_size)]
        rng.shuffle(batches)
        return batches

    def __iter__(self) -> Iterator[Any]:
        step, epoch, seen = self.start, 0, 0
        batches = self.epoch(0)
        while True:
            number = step * self.world + self.rank
            while number >= seen + len(batches):
                seen, epoch = seen + len(batches), epoch + 1
                batches = self.epoch(epoch)
            rng = random.Random(f"{self.seed}/{self.rank}/{step}")
            yield self.collate(batches[number - seen], rng)
            step += 1


def _size(item: Prepared) -> tuple[int, int]:
    """About as many nodes, then as many actions: what is padded in a batch."""
    return len(item.graph.tokens) // 12, len(item.actions)
