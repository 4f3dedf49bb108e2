"""Answer the questions with each part silent in turn. What is measured is written down at once, so that the same command goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from microgt.build import build
from microgt.data.example import Example, Source
from microgt.errors import ConfigError, DataError
from microgt.evaluation import Prediction
from microgt.evaluation.results import Record
from microgt.evaluation.statistics import Interval, cluster_bootstrap
from microgt.experiments.silence.parts import KINDS, Part
from microgt.files import write_text
from microgt.graph import Graph
from microgt.model.predictor import Predictor
from microgt.product.checkpoints import find_checkpoint
from microgt.product.judge import judge, questions
from microgt.product.predict import BATCH, greedy_candidates
from microgt.progress import progress
from microgt.spec import write_spec

Answers = dict[str, bool]  # question -> whether it is right


class Silenced(Record):
    """A part and what its silence changed. lost, won: questions that only the whole model, only the model without it answers right."""

    row: str
    column: str
    lost: tuple[str, ...]
    won: tuple[str, ...]


class Measurement(Record):
    """format changes when the fields do. key: a hash of the weights and the questions. whole: what the whole model answers, by database."""

    format: Literal[1] = 1
    key: str
    what: str
    checkpoint: str
    data: str
    split: str
    whole: dict[str, dict[str, bool]]
    parts: dict[str, Silenced]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises `DataError` when the file is no measurement."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise DataError(f"{path} is no measurement of this version: {str(error).splitlines()[0]}") from None

    @property
    def asked(self) -> int:
        """How many questions."""
        return sum(map(len, self.whole.values()))

    @property
    def accuracy(self) -> float:
        """Of the whole model."""
        return sum(sum(answers.values()) for answers in self.whole.values()) / self.asked

    def drop(self, part: Silenced) -> tuple[float, Interval | None]:
        """The accuracy that its silence costs, with the 95% interval when databases are drawn again (paired cluster bootstrap)."""
        lost, won = set(part.lost), set(part.won)
        changes = [(db, float(name in lost) - float(name in won)) for db, answers in self.whole.items() for name in answers]
        return (len(lost) - len(won)) / self.asked, cluster_bootstrap([c for _, c in changes], [db for db, _ in changes])


class _Asked:
    """The questions with their graphs, which no silence changes, and the verdicts on specs that were judged already."""

    def __init__(self, source: Source, split: str, examples: Sequence[Example], predictor: Predictor):
        self.source, self.split, self.predictor = source, split, predictor
        self.examples = sorted(examples, key=lambda e: (e.db, len(e.question)))
        self.graphs: list[Graph] = [
            predictor.graph(e.question, source.schema(e.db)) for e in progress(self.examples, "reading questions", len(self.examples))
        ]
        self._verdicts: dict[tuple[str, str], bool] = {}

    def answers(self) -> Answers:
        """With the model as it is now."""
        said: dict[str, str] = {}
        new: list[tuple[Example, Prediction]] = []
        for begin in range(0, len(self.graphs), BATCH):
            found = greedy_candidates(self.graphs[begin : begin + BATCH], self.predictor)
            for example, candidate in zip(self.examples[begin : begin + BATCH], found, strict=True):
                spec = None if isinstance(candidate, Exception) else candidate.spec
                said[example.id] = json.dumps(write_spec(spec)) if spec else ""
                if (example.id, said[example.id]) not in self._verdicts:
                    new.append((example, Prediction(example.id, spec=spec)))
        if new:
            judged = judge(self.source, self.split, [e for e, _ in new], [p for _, p in new])
            self._verdicts |= {(item.id, said[item.id]): item.right for item in judged.items}
        return {name: self._verdicts[name, spec] for name, spec in said.items()}


def measure(config: dict[str, Any], file: Path) -> Measurement:
    """What `configs/ablate.yaml` describes, going on from what `file` holds. Raises `ConfigError` when that is of something else."""
    checkpoint = find_checkpoint(config["checkpoint"])
    predictor = Predictor.load(checkpoint, beam=1, allow=config["packages"])
    parts = KINDS[config["what"]](predictor.checkpoint.model)
    source = build(config["data"]["source"])
    split, examples = questions(source, config["split"], config["limit"])
    key = _key(predictor, examples)
    found = Measurement.read(file) if file.is_file() else None
    if found and (found.key, found.what) != (key, config["what"]):
        raise ConfigError(f"{file} holds a measurement of another checkpoint, part or set of questions: choose another place with out=DIR")
    asked = _Asked(source, split, examples, predictor)
    if found is None:
        right = asked.answers()
        whole: dict[str, dict[str, bool]] = {}
        for example in examples:
            whole.setdefault(example.db, {})[example.id] = right[example.id]
        found = Measurement(key=key, what=config["what"], checkpoint=str(checkpoint), data=source.name, split=split, whole=whole, parts={})
    return _measured(found, parts, asked, file)


def _measured(found: Measurement, parts: Sequence[Part], asked: _Asked, file: Path) -> Measurement:
    whole = {name: right for answers in found.whole.values() for name, right in answers.items()}
    todo = [part for part in parts if part.name not in found.parts]
    for part in progress(todo, f"silencing each {found.what}", len(todo)):
        with part.silenced():
            now = asked.answers()
        lost = tuple(name for name, right in whole.items() if right and not now[name])
        won = tuple(name for name, right in whole.items() if now[name] and not right)
        silenced = Silenced(row=part.row, column=part.column, lost=lost, won=won)
        found = found.model_copy(update={"parts": {**found.parts, part.name: silenced}})
        write_text(file, found.model_dump_json() + "\n")
    return found


def _key(predictor: Predictor, examples: Sequence[Example]) -> str:
    digest = hashlib.sha256()
    for name, weight in sorted(predictor.checkpoint.model.state_dict().items()):
        digest.update(name.encode() + weight.float().numpy().tobytes())
    for example in examples:
        digest.update(f"{example.id}\0{example.db}\0{example.question}\n".encode())
    return digest.hexdigest()[:16]
