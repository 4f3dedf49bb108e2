"""What corrections teach: accuracy on the unseen embedded database before and after 20 of them, and write reports/learning.md.

usage: python scripts/report_learning.py [--checkpoint C] [--corrections N] [--minutes M] [--seed N] [--out reports/learning.md]

The database's questions are cut in two halves by chance. Of one half, N are corrected as with `microgt correct`, those first that are
answered wrongly; `microgt learn` trains on them; the other half is asked before and after. Then the halves change places, from the same
checkpoint. Nothing is chosen by these figures: `learn` promotes by corrections and replay alone, and what is not promoted changes nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from rich.console import Console

import microgt
from microgt.audit.log import log_file
from microgt.build import build
from microgt.cli.inputs import override
from microgt.commit import git_hash
from microgt.config import compose
from microgt.data.demo.build import build_database
from microgt.data.demo.source import UNSEEN, DemoSource
from microgt.data.example import Example
from microgt.data.gold import gold_spec
from microgt.data.plain import plain
from microgt.engine.database import open_database
from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import MicrogtError
from microgt.evaluation.paired import Paired, compare_runs
from microgt.evaluation.results import Results
from microgt.evaluation.statistics import mcnemar
from microgt.files import write_text
from microgt.product.checkpoints import find_checkpoint
from microgt.product.correct import correct
from microgt.product.further import Further
from microgt.product.history import wide
from microgt.product.learn import learn
from microgt.product.learnt import Learnt, name_of
from microgt.product.measures import Measure, answers

SPLIT = "unseen"


@dataclass(frozen=True)
class Fold:
    """wrong: corrections whose question was answered wrongly. both: answers to the other half. left_out: of it, trained on by chance."""

    corrections: int
    wrong: int
    both: Paired
    left_out: int
    result: Further


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--corrections", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("reports/learning.md"))
    args = parser.parse_args()
    try:
        source, start = DemoSource(), find_checkpoint(args.checkpoint)
        measured = ask(source, source.examples(SPLIT), start)
        halves = halved(source.examples(SPLIT), args.seed)
        folds = [fold(source, learnt, asked, measured, start, args) for learnt, asked in (halves, halves[::-1])]
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    text = report(folds, start, args)
    print(text)
    write_text(args.out, text)
    return 0


def halved(examples: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Two halves by chance."""
    mixed = random.Random(seed).sample(examples, len(examples))
    return mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]


def fold(source: DemoSource, half: list[Example], other: list[Example], measured: Results, start: Path, args: argparse.Namespace) -> Fold:
    """Correct some of `half`, learn, ask `other`; in a home that is forgotten."""
    right = {item.id for item in measured.items if item.right}
    chosen = sorted(half, key=lambda e: e.id in right)[: args.corrections]
    with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, MICROGT_HOME=home):
        path = build_database(UNSEEN[0])
        say(path, chosen)
        given = {"data.path": str(path), "checkpoint": str(start), "training.minutes": args.minutes, "seed": args.seed, "machine": "cpu"}
        config = compose("learn", [override(key, value) for key, value in given.items()])
        learnt = build(config["data"]["source"])
        trained = {plain(e.question) for split in ("said_corrections", "own_train") for e in learnt.examples(split)}
        asked = [e for e in other if plain(e.question) not in trained]
        result = learn(config, Console(stderr=True))
        old, new = (ask(source, asked, checkpoint) for checkpoint in (start, Learnt(path).checkpoint or start))
    return Fold(len(chosen), sum(e.id not in right for e in chosen), compare_runs(old, new).overall, len(other) - len(asked), result)


def say(path: Path, chosen: list[Example]) -> None:
    """Correct the answers to questions: their gold is what they mean."""
    database = open_database(path)
    with DuckDBEngine(database.path) as engine:
        for example in chosen:
            spec = gold_spec(example, database.schema)
            correct(log_file(path), database, engine, wide(engine), example.question, spec)


def ask(source: DemoSource, examples: list[Example], checkpoint: Path) -> Results:
    """Greedy answers, scored."""
    return next(answers([Measure(SPLIT, source, SPLIT, examples, False)], checkpoint, beam=1, allow=()))


def report(folds: list[Fold], start: Path, args: argparse.Namespace) -> str:
    """The tables."""
    rows = [row(str(n), fold.both) for n, fold in enumerate(folds, 1)]
    sides = [fold.both for fold in folds]
    n, before, after = (sum(counts) for counts in zip(*((both.first.n, both.first.k, both.second.k) for both in sides), strict=True))
    won, lost = sum(both.won for both in sides), sum(both.lost for both in sides)
    corrected = [f"- Half {n}: {told(fold)}" for n, fold in enumerate(folds, 1)]
    return "\n".join(
        [
            "# What corrections teach",
            "",
            "Questions about the embedded database `banking`, which no checkpoint is trained on, right by execution, answered greedily:",
            "before, and after `microgt learn` from corrections of the other half of its questions.",
            "",
            "| Half asked | Questions | Before | After | Won | Lost | p |",
            "|---|---|---|---|---|---|---|",
            *rows,
            f"| both | {n} | {before / n:.1%} | {after / n:.1%} | {won} | {lost} | {mcnemar(lost, won):.3f} |",
            "",
            *corrected,
            "",
            f"Command: `python scripts/report_learning.py --corrections {args.corrections} --minutes {args.minutes:g} --seed {args.seed}`;",
            f"checkpoint {name_of(start)}, microgt {microgt.__version__} ({(git_hash() or 'unknown')[:7]}), one busy core.",
            "",
        ]
    )


def row(name: str, both: Paired) -> str:
    """A half."""
    return f"| {name} | {both.first.n} | {both.first.rate:.1%} | {both.second.rate:.1%} | {both.won} | {both.lost} | {both.p:.3f} |"


def told(fold: Fold) -> str:
    """What was learnt for a half, and what became of it."""
    measures = "; ".join(
        f"{m.name} {m.both.first.k} right before and {m.both.second.k} after, of {m.both.first.n}" for m in fold.result.measures
    )
    promoted = "promoted" if fold.result.kept == "new" else "not promoted"
    return (
        f"{fold.corrections} corrections of the other half, {fold.wrong} of which had been answered wrongly; "
        f"{fold.result.steps} steps in {fold.result.seconds['training']:.0f} s; {measures}; {promoted}: "
        f"{fold.result.why}. Left out as trained on by chance: {fold.left_out}."
    )


if __name__ == "__main__":
    sys.exit(main())
