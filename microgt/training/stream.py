"""The order of training items. The batch of step t is a pure function of (seed, t), so that resuming replays it exactly and all
processes agree on it without a word. Orders are of places; an item is read when its batch is made, by the process that takes it."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from torch.utils.data import Dataset, IterableDataset

from microgt.errors import DataError
from microgt.training.items import Items
from microgt.training.prepare import Prepared

_PLACE = "q"  # int64
_CHUNK = 128  # batches whose items are sorted together: fewer pad more, many would leave little to chance
_NODES = 8  # that items of one batch may differ by, so that their actions are alike too
_BESIDE = 10  # tables and values, about, beside the columns


class Pool:
    """Items of one kind and the share of them that each epoch draws (1.0: all, in a new order; 0.5: a random half)."""

    def __init__(self, items: Items, share: float = 1.0):
        self.items, self.share = items, share

    def draw(self, rng: random.Random) -> array[int]:
        """The places of the items of one epoch."""
        whole, part = divmod(self.share, 1.0)
        places = range(len(self.items))
        return array(_PLACE, places) * int(whole) + array(_PLACE, rng.sample(places, round(part * len(places))))


class Share(NamedTuple):
    """What the means over a part of a step are multiplied by, so that the mean of all parts is the mean over the step's actions, and over
    its nodes that can be named."""

    actions: float
    items: float


class BatchStream(IterableDataset):
    """Endless batches of similar length, from step `start` on. A step's batch is of all processes, and each takes its part of it.

    pools: what each epoch draws from. batch_size: items of a step for each process. rank, world: this process of how many.
    accumulate: parts of the step that a process takes one after the other. collate: (items, the step's random generator, the part's
    share of the step) -> batch. cap: columns to which it cuts wider schemas; None: it does not.
    """

    def __init__(
        self,
        pools: Sequence[Pool],
        *,
        batch_size: int,
        seed: int,
        collate: Callable[[list[Prepared], random.Random, Share], Any],
        start: int = 0,
        rank: int = 0,
        world: int = 1,
        accumulate: int = 1,
        cap: int | None = None,
    ):
        self.pools, self.batch_size, self.seed, self.collate = pools, batch_size * world, seed, collate
        self.start, self.rank, self.world, self.accumulate, self.cap = start, rank, world, accumulate, cap
        self._firsts = np.cumsum([0, *(len(pool.items) for pool in pools)])
        self._nodes, self._steps, self._named = (
            np.concatenate([getattr(pool.items, size) for pool in pools]) for size in ("nodes", "steps", "named")
        )

    def epoch(self, number: int) -> list[np.ndarray]:
        """The batches of one epoch, of all processes, as places among the items of all pools, int64 [b] each: shuffled, grouped by size
        inside chunks, batches shuffled again.

        Raises `DataError` when there are fewer items than parts.
        """
        rng, parts = random.Random(f"{self.seed}/{number}"), self.world * self.accumulate
        drawn = np.concatenate([first + np.array(pool.draw(rng)) for first, pool in zip(self._firsts, self.pools, strict=False)])
        if len(drawn) < parts:
            raise DataError(f"an epoch of {len(drawn)} questions has none for some of {parts} parts of a step: processes x accumulated")
        order = array(_PLACE, drawn.tobytes())
        rng.shuffle(order)
        places = np.array(order)
        chunk, batches = self.batch_size * _CHUNK, []
        for begin in range(0, len(places), chunk):
            part = self._sorted(places[begin : begin + chunk])
            batches += [part[i : i + self.batch_size] for i in range(0, len(part), self.batch_size)]
            if len(batches[-1]) < parts:  # the rest of the last chunk, too small for all to have one of it
                rest = batches.pop()
                batches[-1] = np.concatenate([batches[-1], rest])
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
            for number in range(self.accumulate):
                part = whole[number * self.world + self.rank :: parts]
                yield self.collate(self._read(part), rng, self._share(part, whole))
            step += 1

    def _sorted(self, places: np.ndarray) -> np.ndarray:
        """By about as many nodes, then as many actions: what is padded in a batch."""
        nodes = self._nodes[places]
        if self.cap is not None:
            nodes = nodes - np.maximum(0, self._named[places] - self.cap - _BESIDE)
        return places[np.lexsort((self._steps[places], nodes // _NODES))]

    def _read(self, places: np.ndarray) -> list[Prepared]:
        of_pool = np.searchsorted(self._firsts, places, side="right") - 1
        read = {i: iter(self.pools[i].items.take(places[of_pool == i] - self._firsts[i])) for i in set(of_pool.tolist())}
        return [next(read[i]) for i in of_pool.tolist()]

    def _share(self, part: np.ndarray, whole: np.ndarray) -> Share:
        parts = self.world * self.accumulate
        return Share(*(float(parts * size[part].sum() / max(1, size[whole].sum())) for size in (self._steps, self._named)))


class Ordered(Dataset):
    """All items once, in batches of like size; each is made when it is looked at."""

    def __init__(self, items: Items, *, batch_size: int, collate: Callable[[list[Prepared]], Any]):
        ids, nodes = list(items.column("id")), items.nodes.tolist()
        order = sorted(range(len(items)), key=lambda i: (nodes[i], ids[i]))
        self.parts = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        self.items, self.collate = items, collate

    def __len__(self) -> int:
        return len(self.parts)

    def __getitem__(self, index: int) -> Any:
        return self.collate(self.items.take(self.parts[index]))
