"""Checkpoints at work on a split: predictions, their items, and what else is in the beam. What is done is kept in journals."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from microgt.data.example import Example, Source
from microgt.data.spider import SpiderSource
from microgt.errors import DataError
from microgt.evaluation import Prediction, Suites
from microgt.evaluation.journal import Journal
from microgt.evaluation.results import Item, Results
from microgt.evaluation.resumed import predict_on
from microgt.model.loading import load_proposer
from microgt.model.proposer import Proposer
from microgt.product.journals import open_journal
from microgt.product.judge import judge
from microgt.product.predict import predict, readings, trained_on


@dataclass(frozen=True)
class Asked:
    """What every checkpoint is asked. limit: only so many questions. variants: of each database, that an answer must be right on too."""

    source: Source
    split: str
    variants: int = 0
    limit: int | None = None
    work: Path = Path("runs/report")

    @cached_property
    def runnable(self) -> list[Example]:
        """The questions whose gold runs."""
        return self.source.examples(self.split)

    @cached_property
    def examples(self) -> list[Example]:
        """All questions, those of Spider too whose gold does not run on DuckDB: it is what SQLite answers."""
        found = self.source.every(self.split) if isinstance(self.source, SpiderSource) else self.runnable
        return found[: self.limit]


@dataclass(frozen=True)
class Run:
    """One checkpoint with one width of its beam. ranked: whether by a ranking that the checkpoint holds.

    among: ids of questions with a right (a matching) reading anywhere in the beam.
    """

    checkpoint: Path
    beam: int
    training: dict[str, Any]
    items: tuple[Item, ...]
    right_among: frozenset[str] = field(default=frozenset())
    match_among: frozenset[str] = field(default=frozenset())
    ranked: bool = False

    @property
    def name(self) -> str:
        """By the seed that it was trained with."""
        return f"seed {self.training.get('seed', '?')}"

    @property
    def how(self) -> str:
        """How its answers were found."""
        return "greedy" if self.beam == 1 else f"beam {self.beam}, ranked" if self.ranked else f"beam {self.beam}"


def run(asked: Asked, checkpoint: Path, beam: int, *, oracle: bool = False) -> Run:
    """Predict and score; go on where an interrupted run ended."""
    torch.set_num_threads(1)
    predictor = load_proposer(checkpoint, beam=beam)
    ranks = beam if oracle else 1
    with _journal(asked, checkpoint, beam) as journal:
        made = _predicted(asked, predictor, ranks, journal)
        first = [replace(made[e.id, 0], id=e.id) for e in asked.examples]
        seen = trained_on(predictor)
        with Suites(asked.runnable, asked.variants, 0) as variants:
            results = _judged(asked, asked.examples, first, journal, seen, variants)
        others = [(e, rank) for e in asked.examples for rank in range(1, ranks)]
        further = [(_ranked(e, rank), made[e.id, rank]) for e, rank in others if made[e.id, rank].spec is not None]
        rest = _judged(asked, [e for e, _ in further], [p for _, p in further], journal, seen, None).items if further else ()
    everything = [*results.items, *rest]
    right = frozenset(_base(item.id) for item in everything if on_original(item))
    match = frozenset(_base(item.id) for item in everything if item.set_match)
    return Run(
        checkpoint, beam, predictor.config.get("training", {}), results.items, right, match, beam > 1 and predictor.ranking is not None
    )


def on_original(item: Item) -> bool:
    """Whether it is right on the database itself, whatever its variants say."""
    return (item.original or item.outcome).right


def _judged(
    asked: Asked, examples: Sequence[Example], made: Sequence[Prediction], journal: Journal, seen: Any, variants: Suites | None
) -> Results:
    return judge(asked.source, asked.split, examples, made, trained_on=seen, workers=1, variants=variants, journal=journal)


def _ranked(example: Example, rank: int) -> Example:
    return replace(example, id=f"{example.id}#{rank}")


def _base(name: str) -> str:
    return name.partition("#")[0]


def _predicted(asked: Asked, predictor: Proposer, ranks: int, journal: Journal) -> dict[tuple[str, int], Prediction]:
    """By question and place in the beam."""
    if ranks == 1:
        made = predict_on(journal, asked.examples, asked.source, lambda rest: predict(asked.source, rest, predictor))
        return {(p.id, 0): p for p in made}
    expanded = [_ranked(e, rank) for e in asked.examples for rank in range(ranks)]

    def read(rest: Iterable[Example]) -> Iterator[Prediction]:
        names = {_base(e.id) for e in rest}
        for example, found in readings(asked.source, [e for e in asked.examples if e.id in names], predictor):
            nothing = Prediction(example.id, error="the beam holds no further reading")
            for rank, prediction in enumerate([*found, *[nothing] * ranks][:ranks]):
                yield replace(prediction, id=f"{example.id}#{rank}")

    return {(_base(p.id), int(p.id.partition("#")[2])): p for p in predict_on(journal, expanded, asked.source, read)}


@contextmanager
def _journal(asked: Asked, checkpoint: Path, beam: int) -> Iterator[Journal]:
    out = asked.work / f"{asked.source.name}-{asked.split}-{checkpoint.parent.name}-{checkpoint.name}-{beam}.json"
    config = {"out": str(out), "predictions": None, "checkpoint": str(checkpoint), "beam": beam, "variants": asked.variants}
    with open_journal(config, asked.runnable if asked.variants else ()) as journal:
        if journal is None:
            raise DataError(f"cannot write {out}")
        print(f"{asked.source.name} {asked.split}: {checkpoint}, beam {beam}", file=sys.stderr)
        yield journal
