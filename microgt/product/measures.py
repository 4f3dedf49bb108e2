"""What a checkpoint and one that was trained further from it answer, side by side, and which of the two is kept."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microgt.data.example import Example, Source
from microgt.data.mix import MixSource
from microgt.evaluation import Results, gold_as_prediction
from microgt.evaluation.paired import Paired, compare_runs
from microgt.evaluation.results import Record
from microgt.model.predictor import Predictor
from microgt.product.judge import judge, refuse_faulty_gold
from microgt.product.predict import predict, trained_on


@dataclass(frozen=True)
class Measure:
    """Questions that both checkpoints are asked. decides: whether being better on them is a reason to keep the new one."""

    name: str
    source: Source
    split: str
    examples: Sequence[Example]
    decides: bool

    def check(self) -> None:
        """Raises `DataError` for gold that does not run."""
        refuse_faulty_gold(judge(self.source, self.split, self.examples, map(gold_as_prediction, self.examples)))


class Compared(Record):
    """A measure of both. won, lost: ids of the questions that only the new one, only the old one answers right."""

    name: str
    data: str
    split: str
    decides: bool
    both: Paired
    won: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """Whether the new checkpoint is kept, and why."""

    new: bool
    why: str


def measures_of(named: Mapping[str, Mapping[str, Any]], source: MixSource, seed: int) -> list[Measure]:
    """The measures of a configuration, in its order. named: name -> split, limit (None: all), decides.

    What has no such split, or no question in it, is left out: a user may have none, and may have confirmed no answer. Of more than `limit`
    questions a sample is drawn from the seed. Raises `DataError`.
    """
    found = []
    for name, given in named.items():
        if given["split"] not in source.splits:
            continue
        part, split = source.part(given["split"])
        examples, limit = part.examples(split), given["limit"]
        if limit is not None and len(examples) > limit:
            examples = random.Random(f"{seed}/{name}").sample(examples, limit)
        if examples:
            found.append(Measure(name.replace("_", " "), part, split, examples, given["decides"]))
    return found


def answers(measures: Sequence[Measure], checkpoint: Path, *, beam: int, allow: Sequence[str]) -> Iterator[Results]:
    """What a checkpoint says to the questions of each measure, scored."""
    predictor = Predictor.load(checkpoint, beam=beam, allow=allow)
    for one in measures:
        predictions = list(predict(one.source, one.examples, predictor))
        yield judge(one.source, one.split, one.examples, predictions, checkpoint=str(checkpoint), trained_on=trained_on(predictor))


def compared(measure: Measure, old: Results, new: Results) -> Compared:
    """Both on one measure."""
    found = compare_runs(old, new)
    ids = {side: tuple(change.id for change in getattr(found, side)) for side in ("won", "lost")}
    return Compared(name=measure.name, data=old.data, split=old.split, decides=measure.decides, both=found.overall, **ids)


def choose(found: Sequence[Compared]) -> Choice:
    """The new checkpoint, unless it is worse on any measure by the paired test, or not better on the first deciding one that differs."""
    for one in found:
        if one.both.worse:
            return Choice(False, f"it is worse on {one.name} than chance explains: {one.both.won} won and {one.both.lost} lost")
    for one in found:
        if one.decides and one.both.won != one.both.lost:
            better = one.both.won > one.both.lost
            counts = f"{one.both.first.k} right before and {one.both.second.k} after, of {one.both.first.n}"
            return Choice(better, f"{'more' if better else 'fewer'} of {one.name} are right: {counts}")
    return Choice(False, "no more answers are right than before")
