"""The Lightning data module: prepared graphs of one or several sources, batched for training."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from statistics import fmean
from typing import Any, NamedTuple

import lightning as L
import numpy as np
import torch
from torch.utils.data import DataLoader

from microgt.build import locate
from microgt.data.example import Source
from microgt.errors import DataError
from microgt.model.batch import Batch
from microgt.model.collate import collate
from microgt.model.lexicon import Lexicon
from microgt.spec.grammar import GRAMMAR, ActionKind
from microgt.training.augment import Augment
from microgt.training.items import Items
from microgt.training.prepare import Prepared
from microgt.training.rows import actions_of, tokens_of
from microgt.training.store import Progress, prepared_split
from microgt.training.stream import BatchStream, Ordered, Pool, Share


class MeanSize(NamedTuple):
    """Nodes and actions of an item, and the pieces of its spec's text if it is learnt as text; rounded up."""

    nodes: int
    actions: int
    pieces: int | None


class ParserData(L.LightningDataModule):
    """source: where questions come from. shares: training split -> share drawn each epoch (0.5: a random half, 2.0: twice, 0: not read).

    embedder, decoder: the configurations of what embeds tokens and of what writes specs, whose classes may say how these are cut.
    validation: the split to look at while training.
    accumulate: parts in which a process reads its batch of a step. known: a vocabulary to go on from: words it lacks are put behind it.
    Its `collate` makes batches of graphs; that of the model takes its place where a model reads something else.
    """

    def __init__(
        self,
        source: Source,
        *,
        shares: Mapping[str, float],
        batch_size: int,
        seed: int,
        augment: Augment | None = None,
        embedder: Mapping[str, Any] | None = None,
        decoder: Mapping[str, Any] | None = None,
        validation: str | None = None,
        accumulate: int = 1,
        known: Lexicon | None = None,
    ):
        super().__init__()
        self.known = known
        self.embedder, self.decoder = embedder, decoder
        self.validation = validation
        self.looked_at: Items | None = None
        self.source, self.batch_size, self.seed = source, batch_size, seed
        self.shares = {split: share for split, share in shares.items() if share}
        self.augment, self.accumulate = augment, accumulate
        self.collate: Callable[..., Batch] = collate
        self.pools: list[Pool] = []
        self.tallies: dict[str, str] = {}
        self.fingerprints: dict[str, str] = {}
        self.lexicon: Lexicon | None = None

    def prepare(self, progress: Progress) -> None:
        """Build or read all graphs; the vocabulary comes from the training splits."""
        for split, share in self.shares.items():
            read = prepared_split(self.source, split, progress)
            self.tallies[split], self.fingerprints[split] = read.tally, read.fingerprint
            if len(read.items):
                self.pools.append(Pool(read.items, share))
        if not self.pools:
            raise DataError(f"no question of {self.source.name} could be used for training: {self.tallies}")
        if self.validation:
            read = prepared_split(self.source, self.validation, progress)
            self.looked_at, self.fingerprints[self.validation] = read.items, read.fingerprint
        nodes = (node for tokens in self.column("tokens") for node in tokens_of(tokens))
        if self.known is not None:
            self.lexicon = self.known.extended(nodes)
            return
        self.lexicon = Lexicon.from_tokens(nodes, embedder=self.embedder)
        learn = getattr(locate(self.decoder["_target_"]), "learn_pieces", None) if self.decoder else None
        if learn is not None:
            self.lexicon.output = learn(((item.graph.scope, item.actions) for item in self.items), self.decoder)

    @property
    def items(self) -> Iterator[Prepared]:
        """All training items, one after another."""
        return chain.from_iterable(pool.items for pool in self.pools)

    def column(self, name: str) -> Iterator[Any]:
        """What each training item has in a column of `rows.CONTENT`, as it is stored."""
        return chain.from_iterable(pool.items.column(name) for pool in self.pools)

    def mean_size(self) -> MeanSize:
        """Of an item as large as the mean of the training items."""
        nodes, steps = (np.concatenate([getattr(pool.items, size) for pool in self.pools]).mean() for size in ("nodes", "steps"))
        output = self.lexicon.output if self.lexicon is not None else None
        pieces = math.ceil(fmean(len(output.spell(i.actions, i.graph.scope)) for i in self.items)) if output else None
        return MeanSize(math.ceil(nodes), math.ceil(steps), pieces)

    @property
    def untrained(self) -> list[str]:
        """The grammar's rules that no training item uses."""
        used = {action.index for row in self.column("actions") for action in actions_of(row) if action.kind is ActionKind.RULE}
        return [name for i, name in enumerate(GRAMMAR.rules) if i not in used]

    def train_dataloader(self) -> DataLoader:
        """Batches from the trainer's current step on."""
        trainer = self.trainer
        start, rank, world = (trainer.global_step, trainer.global_rank, trainer.world_size) if trainer else (0, 0, 1)
        stream = BatchStream(
            self.pools,
            batch_size=self.batch_size,
            seed=self.seed,
            collate=self._collate,
            start=start,
            rank=rank,
            world=world,
            accumulate=self.accumulate,
            cap=self.augment.cap if self.augment else None,
        )
        return DataLoader(stream, batch_size=None)

    def val_dataloader(self) -> DataLoader:
        """Batches of the validation split as it is, of like size."""
        if self.looked_at is None:
            return DataLoader([])  # pyright: ignore[reportArgumentType]
        return DataLoader(Ordered(self.looked_at, batch_size=self.batch_size, collate=self._batch), batch_size=None)

    def _collate(self, items: list[Prepared], rng: random.Random, share: Share) -> Batch:
        if self.augment:
            items = [self.augment(item, rng) for item in items]
        batch = self._batch(items)
        if share == (1.0, 1.0):  # all of the step
            return batch
        return dataclasses.replace(batch, action_share=torch.tensor(share.actions), item_share=torch.tensor(share.items))

    def _batch(self, items: list[Prepared]) -> Batch:
        assert self.lexicon is not None
        return self.collate([i.graph for i in items], [i.actions for i in items], self.lexicon)
