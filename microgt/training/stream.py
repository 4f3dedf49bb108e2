"""The order of training items. The batch of step t is a pure function of (seed, t), so that resuming replays it exactly and all
processes agree on it without a word."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from torch.utils.data import IterableDataset

from microgt.errors import DataError
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
    """Endless batches of similar length, from step `start` on. A step's batch is of all processes, and each takes its part of it.

    pools: what each epoch draws from. batch_size: items of a step for each process. rank, world: this process of how many.
    accumulate: parts of the step that a process takes one after the other. collate: (items, the step's random generator, all items of
    the step in all parts of all processes) -> batch.
    """

    def __init__(
        self,
        pools: Sequence[Pool],
        *,
        batch_size: int,
        seed: int,
        collate: Callable[[list[Prepared], random.Random, list[Prepared]], Any],
        start: int = 0,
        rank: int = 0,
        world: int = 1,
        accumulate: int = 1,
    ):
        self.pools, self.batch_size, self.seed, self.collate = pools, batch_size * world, seed, collate
        self.start, self.rank, self.world, self.accumulate = start, rank, world, accumulate

    def epoch(self, number: int) -> list[list[Prepared]]:
        """The batches of one epoch, of all processes: shuffled, grouped by size inside chunks, batches shuffled again.

        Raises `DataError` when there are fewer items than parts.
        """
        rng, parts = random.Random(f"{self.seed}/{number}"), self.world * self.accumulate
        items = [item for pool in self.pools for item in pool.draw(rng)]
        if len(items) < parts:
            raise DataError(f"an epoch of {len(items)} questions has none for some of {parts} parts of a step: processes x accumulated")
        rng.shuffle(items)
        chunk, batches = self.batch_size * 32, []
        for begin in range(0, len(items), chunk):
            part = sorted(items[begin : begin + chunk], key=_size)
            batches += [part[i : i + self.batch_size] for i in range(0, len(part), self.batch_size)]
            if len(batches[-1]) < parts:  # the rest of the last chunk, too small for all to have one of it
                rest = batches.pop()
                batches[-1] += rest
        rng.shuffle(batches)
        return batches

    def __iter__(self) -> Iterator[Any]:
        step, epoch, seen, parts = self.start, 0, 0, self.world * self.accumulate
        batches = self.epoch(0)
        while True:
            while step >= seen + len(batches):
                seen, epoch = seen + len(batches), epoch + 1
                batches = self.epoch(epoch)
            whole = batches[step - seen]
            rng = random.Random(f"{self.seed}/{self.rank}/{step}")
            for part in range(self.accumulate):
                yield self.collate(whole[part * self.world + self.rank :: parts], rng, whole)
            step += 1


def _size(item: Prepared) -> tuple[int, int]:
    """About as many nodes, then as many actions: what is padded in a batch."""
    return len(item.graph.tokens) // 12, len(item.actions)
