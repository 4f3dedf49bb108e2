#!/usr/bin/env python
"""How fast predictions are scored by execution, and where the time goes. Writes a markdown table.

usage: MICROGT_BENCHMARKS=DIR python scripts/bench_evaluation.py [KEY=VALUE ...] [--rounds N] [--variants K] [--report FILE]

KEY=VALUE: overrides of configs/evaluate.yaml that say what is asked (default: data=spider split=dev). Each row is the command
`microgt evaluate` in a process of its own, from its start to its end, run N times in turn with the others; what is read once (databases,
schemas) is in the cache before. Two kinds of predictions: gold itself, and for each question the gold of another one about the same
database, most of which are wrong. Nothing is written when gold is not 100% right or a row's outcomes depend on the number of workers.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from microgt.build import build
from microgt.commit import git_hash
from microgt.config import compose
from microgt.data.example import Example
from microgt.errors import MicrogtError
from microgt.files import write_text
from microgt.product.judge import questions

REPORT = Path(__file__).resolve().parent.parent / "reports" / "evaluation_speed.md"
DEFAULT = ("data=spider", "split=dev")
OTHER = "another question's gold"
_RUN = "import sys; from microgt.cli.main import main; sys.exit(main(sys.argv[1:]))"

# Stage: the functions whose time it is, without that of functions of other stages which they call.
_STAGES = {
    "questions": ("microgt.product.evaluate:questions", "microgt.product.evaluate:read_predictions"),
    "schemas, variants": ("microgt.evaluation.score:_scorer",),
    "queries (waiting for the worker)": ("microgt.engine.process:Worker.ask",),
    "comparing results": ("microgt.evaluation.item:_verdict", "microgt.evaluation.item:over_variants"),
    "comparing specs, difficulty": (
        "microgt.evaluation.item:agreement",
        "microgt.evaluation.item:difficulty_of",
        "microgt.evaluation.item:explanation",
    ),
    "figures, files": (
        "microgt.product.judge:results_of",
        "microgt.product.evaluate:results_table",
        "microgt.product.evaluate:write_outputs",
        "microgt.evaluation.journal:Journal.write",
    ),
}
_HEAD = (
    "| predictions | variants | workers | seconds | processor seconds | questions a second | time against the first row |",
    "|---|--:|--:|--:|--:|--:|--:|",
)


@dataclass(frozen=True)
class Case:
    """A row. given: of the configuration's `predictions`."""

    predictions: str
    given: str
    variants: int
    workers: int

    def arguments(self, asked: Sequence[str], out: Path) -> list[str]:
        return ["evaluate", *asked, f"predictions={self.given}", f"variants={self.variants}", f"workers={self.workers}", f"out={out}"]


@dataclass(frozen=True)
class Measured:
    """One run."""

    seconds: float
    processor: float
    outcomes: tuple[tuple[str, str], ...]


# ------------------------------------------------------------------ runs


def run(case: Case, asked: Sequence[str], folder: Path) -> Measured:
    """The command in a process of its own. Its workers' processor time counts."""
    out = folder / "result.json"
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", _RUN, *case.arguments(asked, out)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{case}: exit status {process.returncode}")
    items = json.loads(out.read_text(encoding="utf-8"))["items"]
    return Measured(seconds, used.ru_utime + used.ru_stime, tuple((item["id"], item["outcome"]) for item in items))


def checked(runs: dict[Case, list[Measured]]) -> None:
    """Stop when gold is not right about itself, or the outcomes differ between runs or numbers of workers."""
    found: dict[tuple[str, int], tuple[tuple[str, str], ...]] = {}
    for case, measured in runs.items():
        for one in measured:
            if found.setdefault((case.predictions, case.variants), one.outcomes) != one.outcomes:
                raise SystemExit(f"{case}: other outcomes than with another number of workers")
            wrong = [name for name, outcome in one.outcomes if outcome not in ("correct", "vacuous")]
            if case.given == "gold" and wrong:
                raise SystemExit(f"{case}: gold is wrong about itself: {', '.join(wrong[:5])}")


def of_others(examples: Sequence[Example], path: Path) -> Path:
    """Predictions: for each question the gold of the next one about the same database that has another."""
    by_database: dict[str, list[Example]] = {}
    for example in examples:
        by_database.setdefault(example.db, []).append(example)
    lines = []
    for asked in by_database.values():
        for i, example in enumerate(asked):
            others = (other.sql for other in [*asked[i + 1 :], *asked[:i]] if other.sql != example.sql)
            lines.append(json.dumps({"id": example.id, "prediction": next(others, "SELECT 1")}))
    return write_text(path, "\n".join(lines) + "\n")


# ------------------------------------------------------------------ stages


class Stages:
    """Wall time by stage, of one thread."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = ["others"]
        self._since = time.perf_counter()

    def enter(self, stage: str) -> None:
        self._pass()
        self._open.append(stage)

    def leave(self) -> None:
        self._pass()
        self._open.pop()

    def _pass(self) -> None:
        now = time.perf_counter()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Measures the functions of all stages until the end of the block."""
        patched: list[tuple[Any, str, Callable[..., Any]]] = []
        for stage, functions in _STAGES.items():
            for place in functions:
                module, _, name = place.partition(":")
                *parents, last = name.split(".")
                owner = importlib.import_module(module)
                for parent in parents:
                    owner = getattr(owner, parent)
                patched.append((owner, last, getattr(owner, last)))
                setattr(owner, last, self._watched(stage, getattr(owner, last)))
        try:
            yield
            self._pass()
        finally:
            for owner, name, function in patched:
                setattr(owner, name, function)

    def _watched(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.enter(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        return watched


_SHARES = """
import sys, time
begun = time.perf_counter()
sys.path.insert(0, {scripts!r})
from microgt.cli.main import main
import microgt.product.evaluate
from bench_evaluation import Stages
stages = Stages()
stages.seconds["imports"] = time.perf_counter() - begun
with stages.watching():
    status = main(sys.argv[1:])
import json
print("\\n" + json.dumps(stages.seconds))
sys.exit(status)
"""


def shares(case: Case, asked: Sequence[str], folder: Path) -> dict[str, float]:
    """The part of each stage in the wall time of one run with one worker."""
    script = _SHARES.format(scripts=str(Path(__file__).parent))
    arguments = case.arguments(asked, folder / "result.json")
    done = subprocess.run([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    seconds = json.loads(done.stdout.splitlines()[-1])
    return {stage: seconds.get(stage, 0.0) / sum(seconds.values()) for stage in ("imports", *_STAGES, "others")}


# ------------------------------------------------------------------ report


def report(asked: Sequence[str], rounds: int, variants: int) -> str:
    """The report as markdown."""
    config = compose("evaluate", list(asked))
    _, examples = questions(build(config["data"]["source"]), config["split"], config["limit"])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = {"gold": "gold", OTHER: str(of_others(examples, folder / "others.jsonl"))}
        cases = [Case(name, given[name], k, n) for name in given for k in (0, variants) for n in (1, 2)]
        run(cases[0], asked, folder)  # fills the cache
        runs: dict[Case, list[Measured]] = {case: [] for case in cases}
        for _ in range(rounds):
            for case in cases:
                runs[case].append(run(case, asked, folder))
        checked(runs)
        single = [case for case in cases if case.workers == 1]
        spent = [shares(case, asked, folder) for case in single]
    lines = ["# Scoring predictions by execution", "", *_note(rounds), "", *_HEAD, *_rows(runs, len(examples)), ""]
    lines += [f"| share of the time, one worker | {' | '.join(f'{c.predictions}, {c.variants} variants' for c in single)} |"]
    lines += ["|---|" + "--:|" * len(single)]
    lines += [f"| {stage} | {' | '.join(f'{found[stage]:.0%}' for found in spent)} |" for stage in spent[0]]
    return "\n".join([*lines, "", _made(asked, rounds, variants)]) + "\n"


def _note(rounds: int) -> list[str]:
    return [
        f"`microgt evaluate` from its start to its end, medians of {rounds} runs taken in turn; processor seconds include the workers'.",
        "Compare rows with each other: seconds depend on the machine and on what else it does. All outcomes were the same with one worker",
        "and two, and gold was right about itself, before anything was written.",
    ]


def _rows(runs: dict[Case, list[Measured]], number: int) -> Iterator[str]:
    first = None
    for case, measured in runs.items():
        seconds = median(one.seconds for one in measured)
        first = first or seconds
        processor = median(one.processor for one in measured)
        cells = [case.predictions, case.variants, case.workers, f"{seconds:.1f}", f"{processor:.1f}", f"{number / seconds:.0f}"]
        yield f"| {' | '.join(map(str, cells))} | {seconds / first:.2f} |"


def _made(asked: Sequence[str], rounds: int, variants: int) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("microgt", "duckdb", "sqlglot", "pydantic"))
    command = f"MICROGT_BENCHMARKS=DIR python scripts/bench_evaluation.py {' '.join(asked)} --rounds {rounds} --variants {variants}"
    load = f"{os.getloadavg()[2]:.1f} processes at work on {os.cpu_count()} processors in the last quarter of an hour"
    made = f"Python {platform.python_version()}, {packages}, {platform.machine()}, {load}, {git_hash() or 'no checkout'}"
    return f"Made by `{command}`: {made}."


def main() -> int:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("asked", nargs="*", metavar="KEY=VALUE")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--variants", type=int, default=5, metavar="K")
    parser.add_argument("--report", type=Path, default=REPORT, metavar="FILE")
    args = parser.parse_args()
    try:
        text = report(args.asked or DEFAULT, args.rounds, args.variants)
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(text)
    print(write_text(args.report, text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
