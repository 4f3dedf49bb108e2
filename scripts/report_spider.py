"""Score checkpoints (seeds of one recipe) on a benchmark and write reports/NAME.md: figures, hardness, beam, confidence, errors, curves.

usage: MICROGT_BENCHMARKS=DIR python scripts/report_spider.py CHECKPOINT... [--data spider|nvbench|geography|restaurants]
       [--split SPLIT] [--beam N] [--variants K] [--limit N] [--curves RUN...] [--out FILE.md] [--work DIR]

Choices are made on the validation databases (--split validation); the dev split is for the record. What is done is kept in --work, so that
the same command goes on where it was interrupted. No question of a benchmark gets into the report.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

import benchmark_tables as tables
from benchmark_curves import curves
from benchmark_runs import Asked, Run, on_original, run

from microgt.commit import git_hash
from microgt.data.example import Source
from microgt.data.nvbench_source import NvBenchSource
from microgt.data.spider import SpiderSource
from microgt.data.text2sql import NAMES, Text2SqlSource
from microgt.errors import MicrogtError, SpecError
from microgt.evaluation import Prediction
from microgt.evaluation.exact.marking import Marker
from microgt.evaluation.table import percent
from microgt.export.card import stages
from microgt.files import write_text
from microgt.spec.importer import import_sql

REPORTS = Path(__file__).resolve().parent.parent / "reports"
SOURCES: dict[str, Callable[[], Source]] = {
    "spider": SpiderSource,
    "nvbench": NvBenchSource,
    **{name: lambda name=name: Text2SqlSource(name) for name in NAMES},
}
PACKAGES = ("microgt", "torch", "duckdb", "sqlglot", "numpy")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT")
    parser.add_argument("--data", choices=SOURCES, default="spider")
    parser.add_argument("--split", help="default: the benchmark's test split")
    parser.add_argument("--beam", type=int, default=5, help="beside greedy; 1: greedy alone")
    parser.add_argument(
        "--variants", type=int, default=0, help="of each database, that an answer must be right on too; counted in rows of their own"
    )
    parser.add_argument("--limit", type=int, help="only the first N questions")
    parser.add_argument("--curves", type=Path, nargs="*", metavar="RUN", help="whose learning curves are shown; default: the checkpoints'")
    parser.add_argument("--out", type=Path, help="default: reports/NAME.md, for another split reports/NAME_SPLIT.md")
    parser.add_argument("--work", type=Path, default=Path("runs/report"), help="where what is done is kept")
    args = parser.parse_args()
    try:
        source = SOURCES[args.data]()
        test = source.splits[-1]
        split = args.split or test
        asked = Asked(source, split, args.variants, args.limit, args.work)
        greedy = [run(asked, path, 1) for path in args.checkpoints]
        beam = [run(asked, path, args.beam, oracle=True) for path in args.checkpoints] if args.beam > 1 else []
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    out = args.out or REPORTS / (f"{args.data}.md" if split == test else f"{args.data}_{split}.md")
    text = "\n".join(report(asked, greedy, beam, args, out)) + "\n"
    print(write_text(out, text))
    return 0


def report(asked: Asked, greedy: Sequence[Run], beam: Sequence[Run], args: argparse.Namespace, out: Path) -> list[str]:
    """The lines of the whole report."""
    runs, charts = beam or greedy, args.data == "nvbench"
    lines = [f"# {args.data} {asked.split}: {len(runs)} seed{'s' * (len(runs) > 1)}", "", _making(args), "", *_reading(asked), ""]
    lines += [*tables.figures(greedy, beam, args.variants, charts), ""]
    lines += ["## By hardness", "", f"Means over the seeds, {_how(runs)}.", "", *tables.by_hardness(runs), ""]
    if beam:
        lines += ["## What the beam holds", "", *tables.oracle(beam), ""]
    lines += ["## Risk and coverage", "", f"The surest answers first, {_how(runs)}.", "", *tables.risk_and_coverage(runs), ""]
    lines += ["## Errors", "", *tables.errors(runs), ""]
    lines += curves(args.curves or [path.parent for path in args.checkpoints], out)
    if args.data == "spider":
        lines += ["## Beside published figures", "", *_beside(asked, runs), ""]
    return [*lines, "## How the checkpoints were made", "", *(line for one in runs for line in _training(one))]


def _how(runs: Sequence[Run]) -> str:
    return runs[0].how


def _making(args: argparse.Namespace) -> str:
    """The command, the versions and the commit."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    command = " ".join(["scripts/report_spider.py", *map(_short, sys.argv[1:])])
    return f"Made by `python {command}` at {git_hash() or 'no commit'}, Python {platform.python_version()}, {packages}."


def _short(argument: str | Path) -> str:
    """Of a path outside the checkout its last two parts: where it lies is nobody's business."""
    path = Path(argument)
    return "/".join(path.parts[-2:]) if path.is_absolute() else str(argument)


def _reading(asked: Asked) -> list[str]:
    """How the figures are to be read."""
    said = [f"{len(asked.examples)} questions over {len({e.db for e in asked.examples})} databases. Rows say of how many."]
    left = len({e.id for e in asked.examples} - {e.id for e in asked.runnable})
    if left:
        said.append(f"The gold of {left} does not run on DuckDB: what SQLite answers to it is theirs.")
    if not isinstance(asked.source, SpiderSource) and (excluded := asked.source.excluded(asked.split)):
        said.append(f"{len(excluded)} more are left out: their gold does not run on DuckDB, or does not give the data of its chart.")
    if isinstance(asked.source, SpiderSource):
        bound, unknown = upper_bound(asked)
        said.append(
            "Exact set match follows the rules of Spider's official evaluator, written anew: the SQL of the predicted spec, spelled as "
            f"Spider's authors do, against gold. Gold that no spec says counts as wrong ({unknown} questions); the specs of gold itself, "
            f"spelled so, reach {percent(bound)}."
        )
    said.append("Deviation: between seeds. Interval: of the mean, when databases are drawn again.")
    return [" ".join(said)]


def upper_bound(asked: Asked) -> tuple[float, int]:
    """The exact set match of gold's own specs, and how many golds have none."""
    markers = {db: Marker(asked.source.schema(db)) for db in {e.db for e in asked.examples}}
    found = []
    for example in asked.examples:
        try:
            spec = example.spec or import_sql(example.sql or "", markers[example.db].schema)
        except SpecError:
            found.append(None)
            continue
        found.append(not markers[example.db].mark(example, Prediction(example.id, spec=spec)).differs)
    return sum(map(bool, found)) / len(found), found.count(None)


def _beside(asked: Asked, runs: Sequence[Run]) -> list[str]:
    training, what = runs[0].training, f"{_how(runs)}, mean of {len(runs)}"
    size, minutes = training.get("parameters", 0) / 1e6, sum(stage.get("seconds", 0) for stage in stages(training)) / 60
    shares = ", ".join(dict.fromkeys(name for stage in stages(training) for name, share in stage.get("shares", {}).items() if share))
    together = f", {training['members']} models together" if "members" in training else ""
    how = f"{size:.1f} million parameters, {minutes:.0f} minutes{together}, trained on {shares}; {what}"
    match, execution = (fmean(fmean(map(mark, one.items)) for one in runs) for mark in (tables.matches, on_original))
    note = "Published figures are of dev"
    note += "." if asked.split == "dev" else f"; ours here is of {asked.split} and cannot be compared with them."
    rest = "The systems above ours have no pretrained language model, those below have one."
    return [f"{note} {rest}", "", *tables.comparison(how, match, execution)]


def _training(one: Run) -> list[str]:
    lines = [f"{one.name} (`{_short(one.checkpoint)}`)", ""]
    lines += [f"- {key}: {value}" for key, value in one.training.items() if key != "databases"]
    return [*lines, f"- databases trained on: {len(one.training.get('databases', ()))}", ""]


if __name__ == "__main__":
    sys.exit(main())
