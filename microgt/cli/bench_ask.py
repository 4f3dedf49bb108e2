"""`microgt bench ask`, `batch` and `wide`: what questions take."""

from __future__ import annotations

import argparse
import platform
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from microgt.commit import git_hash
from microgt.data.demo.source import DemoSource
from microgt.data.example import Example
from microgt.engine.duckdb import EnginePool
from microgt.errors import ConfigError, MissingExtra
from microgt.files import write_text
from microgt.model.loading import load_proposer
from microgt.product.latency import Arm, Asked, measure
from microgt.product.latency_table import latency_table
from microgt.product.throughput import rate
from microgt.product.wide import recall, widened

_PACKAGES = ("numpy", "torch", "onnxruntime", "duckdb")
_WIDE_DB = "retail"


def run(args: argparse.Namespace) -> int:
    """Measure, print, and write where it is asked for."""
    arms = _arms(args.checkpoints, args.beams if args.what != "batch" else [1])
    source = DemoSource()
    if args.what == "wide":
        title, body = _wide(arms, source, args)
    else:
        examples = _examples(source, args.split, args.questions)
        title, body = _ask(arms, source, examples) if args.what == "ask" else _batch(arms, source, examples, args.batches)
    made = ", ".join(_versions())
    text = f"# {title}\n\n{body}\nMade by `microgt bench {args.what} {_given(args)}`: {made}.\n"
    print(text, end="")
    if args.out:
        write_text(args.out, text)
    return 0


def _arms(checkpoints: Sequence[Path], beams: Sequence[int]) -> list[Arm]:
    if "torch" in sys.modules or any(not (c / "encoder.onnx").is_file() for c in checkpoints):
        import torch

        torch.set_num_threads(1)
    loaded = [(path, load_proposer(path)) for path in checkpoints]
    return [Arm(path.name if path.name != "checkpoint" else path.parent.name, p, beam) for beam in beams for path, p in loaded]


def _examples(source: DemoSource, split: str, count: int) -> list[Example]:
    found = []
    for example in source.examples(split):
        with suppress(MissingExtra):  # flights, without the extra `demo`
            source.schema(example.db)
            found.append(example)
    return found[:: max(1, len(found) // count)][:count]


def _ask(arms: Sequence[Arm], source: DemoSource, examples: Sequence[Example]) -> tuple[str, str]:
    with EnginePool() as pool:
        times = measure(arms, _asked(source, examples, pool))
    title = f"Question to executed answer: {len(examples)} questions, one thread, warm"
    text = "Median milliseconds of processor time of each stage; the last column is time that passed.\n\n"
    return title, text + latency_table(arms, times)


def _batch(arms: Sequence[Arm], source: DemoSource, examples: Sequence[Example], batches: Sequence[int]) -> tuple[str, str]:
    lines = ["| model | batch | questions | answered | a second | passed, a second |", "|---|" + "--:|" * 5]
    with EnginePool() as pool:
        asked = _asked(source, examples, pool)
        for batch in batches:
            for arm in arms:
                rate(arm.proposer, asked, batch)  # warms linkers and pages
                found = rate(arm.proposer, asked, batch)
                speeds = f"{found.questions / found.processor:.1f} | {found.questions / found.wall:.1f}"
                lines.append(f"| {arm.name} | {batch} | {found.questions} | {found.answered} | {speeds} |")
    title = f"Many questions at once: {len(examples)}, greedy, one thread, warm"
    text = (
        "From the question to its rows. a second: questions for each second of processor time, the engine's included; passed: of time that "
        "passed. answered: those whose query ran.\n\n"
    )
    return title, text + "\n".join(lines) + "\n"


def _asked(source: DemoSource, examples: Sequence[Example], pool: EnginePool) -> list[Asked]:
    return [Asked(e.question, source.schema(e.db), pool.engine(source.database(e.db))) for e in examples]


def _wide(arms: Sequence[Arm], source: DemoSource, args: argparse.Namespace) -> tuple[str, str]:
    examples = [e for e in source.examples(args.split) if e.db == _WIDE_DB]
    lines = ["| columns | model | beam | questions | graph | encode | decode | all | passed | kept | memory MB |", "|--:|---|" + "--:|" * 9]
    for columns in sorted(args.columns):
        wide = widened(source, _WIDE_DB, columns, examples)
        if not wide.examples:
            raise ConfigError(f"--columns {columns}: no question of {_WIDE_DB} can be answered from so few")
        step = max(1, len(wide.examples) // args.questions)
        asked = [Asked(e.question, wide.schema) for e in wide.examples[::step][: args.questions]]
        kept = recall(arms[0].proposer, wide)
        for arm, found in zip(arms, measure(arms, asked), strict=True):
            graph, encode, decode, *_ = np.median(found.processor, axis=0)
            whole, passed = np.median(found.processor[:, :4].sum(1)), np.median(found.wall[:, :4].sum(1))
            figures = " | ".join(f"{x:.1f}" for x in (graph, encode, decode, whole, passed))
            row = f"| {wide.columns} | {arm.name} | {arm.beam} | {len(asked)} | {figures} | {kept:.1%} | {_memory():.0f} |"
            lines.append(row)
    title = "Questions over schemas of many columns, one thread, warm"
    text = (
        f"The questions are of {_WIDE_DB}, whose tables stand among others of the same shape. Median milliseconds of processor time; "
        f"passed: time that passed. kept: of {len(examples)} questions, as far as the schema can answer them, the share whose columns and "
        "tables are all in the graph. memory: the most that the process has held so far.\n\n"
    )
    return title, text + "\n".join(lines) + "\n"


def _memory() -> float:
    """MB; Linux counts KB, macOS bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def _given(args: argparse.Namespace) -> str:
    wide = f" --columns {' '.join(map(str, args.columns))}" if args.what == "wide" else ""
    checkpoints = " ".join(path.name for path in args.checkpoints)
    name, values = ("batches", args.batches) if args.what == "batch" else ("beams", args.beams)
    return f"{checkpoints} --{name} {' '.join(map(str, values))} --questions {args.questions} --split {args.split}{wide}"


def _versions() -> list[str]:
    found = []
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return [*found, f"Python {platform.python_version()}", platform.machine(), git_hash() or "no checkout"]
