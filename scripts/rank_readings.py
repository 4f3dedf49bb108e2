"""What a learned ranker of a beam's readings is worth: for each database, one learned on the other databases of the split.

usage: MICROGT_BENCHMARKS=DIR python scripts/rank_readings.py CHECKPOINT [--split validation] [--beam 5] [--ridge 0.01]

The databases must not be among those that the checkpoint was trained on, whose readings are righter than those of others.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from microgt.data.example import Example, Source
from microgt.data.spider import SpiderSource
from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import GrammarError, MicrogtError
from microgt.evaluation import Prediction
from microgt.model.predictor import Candidate, Predictor
from microgt.product.judge import judge
from microgt.progress import progress
from microgt.ranking import Reading, Shown, features, fit, shown
from microgt.spec import check
from microgt.spec.compiler import compile_spec

LIMITS = Limits(seconds=5, rows=2_000)


@dataclass
class Asked:
    """A question, its readings in the model's order, their features, whether each can be run, and whether each is right."""

    example: Example
    candidates: list[Candidate]
    rows: np.ndarray
    runs: np.ndarray
    right: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--split", default="validation")
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--ridge", type=float, default=0.01)
    args = parser.parse_args()
    try:
        source, predictor = SpiderSource(), Predictor.load(args.checkpoint, beam=args.beam)
        asked = ask(source, source.examples(args.split), predictor)
        mark(source, args.split, asked)
        ranked = taken(asked, args.ridge)
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    found = [a for a in asked if len(a.right)]
    counts = {
        "the likeliest": sum(a.right[0] for a in found),
        "the first that runs": sum(a.right[a.runs.argmax()] for a in found),
        "the ranker's": ranked,
        "some reading": sum(a.right.any() for a in found),
    }
    print(f"right of {len(asked)}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    return 0


def ask(source: Source, examples: Sequence[Example], predictor: Predictor) -> list[Asked]:
    """All readings of each question, run."""
    found = []
    with EnginePool(LIMITS) as pool:
        for example in progress(sorted(examples, key=lambda e: e.db), "reading", len(examples)):
            schema, graph = source.schema(example.db), predictor.graph(example.question, source.schema(example.db))
            try:
                candidates = predictor.predict(example.question, schema)
            except GrammarError:
                candidates = []
            tables = [run(c, source, example.db, pool) for c in candidates]
            readings = [Reading(c.spec, math.log(max(c.confidence, 1e-30)), t) for c, t in zip(candidates, tables, strict=True)]
            found.append(Asked(example, candidates, features(readings, graph), np.array([t is not None for t in tables])))
    return found


def run(candidate: Candidate, source: Source, db: str, pool: EnginePool) -> Shown | None:
    """What a reading shows; None when it is not right or cannot be run."""
    schema = source.schema(db)
    try:
        return None if check(candidate.spec, schema) else shown(pool.engine(source.database(db)).run(compile_spec(candidate.spec, schema)))
    except MicrogtError:
        return None


def mark(source: Source, split: str, asked: Sequence[Asked]) -> None:
    """Score every reading."""
    marks: dict[str, list[bool]] = {a.example.id: [] for a in asked}
    for place in range(max(len(a.candidates) for a in asked)):
        there = [a for a in asked if place < len(a.candidates)]
        predictions = [Prediction(a.example.id, spec=a.candidates[place].spec) for a in there]
        for item in judge(source, split, [a.example for a in there], predictions).items:
            marks[item.id].append(item.right)
    for a in asked:
        a.right = np.array(marks[a.example.id], dtype=bool)


def taken(asked: Sequence[Asked], ridge: float) -> int:
    """How many of the readings are right that rankers take which were learned on the other databases."""
    found = [a for a in asked if len(a.right)]
    total = 0
    for db in sorted({a.example.db for a in found}):
        others = [a for a in found if a.example.db != db]
        ranker = fit([a.rows for a in others], [a.right for a in others], ridge=ridge)
        total += sum(int(a.right[ranker.order(a.rows)[0]]) for a in found if a.example.db == db)
    return total


if __name__ == "__main__":
    sys.exit(main())
