"""The Lightning data module: prepared graphs of one or several sources, batched for training."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import lightning as L
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
from microgt.training.prepare import Prepared
from microgt.training.store import Progress, prepared_split
from microgt.training.stream import BatchStream, Pool


class ParserData(L.LightningDataModule):
    """source: where questions come from. shares: training split -> share drawn each epoch (0.5: a random half, 2.0: twice, 0: not read).

    embedder, decoder: the configurations of what embeds tokens and of what writes specs, whose classes may say how these are cut.
    validation: the split to look at while training.
    accumulate: parts in which a process reads its batch of a step.
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
    ):
        super().__init__()
        self.embedder, self.decoder = embedder, decoder
        self.validation, self.looked_at = validation, list[Prepared]()
        self.source, self.shares, self.batch_size, self.seed = (
            source,
            {split: share for split, share in shares.items() if share},
            batch_size,
            seed,
        )
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
            if read.items:
                self.pools.append(Pool(read.items, share))
        if not self.pools:
            raise DataError(f"no question of {self.source.name} could be used for training: {self.tallies}")
        if self.validation:
            read = prepared_split(self.source, self.validation, progress)
            self.looked_at, self.fingerprints[self.validation] = read.items, read.fingerprint
        self.lexicon = Lexicon.from_tokens((node for item in self.items for node in item.graph.tokens), embedder=self.embedder)
        learn = getattr(locate(self.decoder["_target_"]), "learn_pieces", None) if self.decoder else None
        if learn is not None:
            self.lexicon.output = learn(((item.graph.scope, item.actions) for item in self.items), self.decoder)

    @property
    def items(self) -> Sequence[Prepared]:
        """All training items."""
        return [item for pool in self.pools for item in pool.items]

    @property
    def untrained(self) -> list[str]:
        """The grammar's rules that no training item uses."""
        used = {action.index for item in self.items for action in item.actions if action.kind is ActionKind.RULE}
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
        )
        return DataLoader(stream, batch_size=None)

    def val_dataloader(self) -> DataLoader:
        """Batches of the validation split as it is, of like size."""
        assert self.lexicon is not None
        items = sorted(self.looked_at, key=lambda item: (len(item.graph.tokens), item.id))
        parts = [items[i : i + self.batch_size] for i in range(0, len(items), self.batch_size)]
        batches = [self.collate([i.graph for i in part], [i.actions for i in part], self.lexicon) for part in parts]
        return DataLoader(batches, batch_size=None)  # pyright: ignore[reportArgumentType]

    def _collate(self, items: list[Prepared], rng: random.Random, whole: list[Prepared]):
        assert self.lexicon is not None
        shares = _shares(items, whole, self.accumulate * (self.trainer.world_size if self.trainer else 1))
        if self.augment:
            items = [self.augment(item, rng) for item in items]
        return dataclasses.replace(self.collate([i.graph for i in items], [i.actions for i in items], self.lexicon), **shares)


def _shares(items: list[Prepared], whole: list[Prepared], parts: int) -> dict[str, torch.Tensor]:
    """What the means over one of the parts are multiplied by, so that the mean of all parts is the mean over all actions, and items."""
    if parts == 1:
        return {}
    actions, nodes = (parts * sum(map(count, items)) / max(1, sum(map(count, whole))) for count in (_actions, _nodes))
    return {"action_share": torch.tensor(actions), "item_share": torch.tensor(nodes)}


def _actions(item: Prepared) -> int:
    return len(item.actions)


def _nodes(item: Prepared) -> int:
    return len(item.graph.tables) + len(item.graph.columns) + len(item.graph.values)
