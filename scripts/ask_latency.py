"""How long an answer takes on a warm process, stage by stage: graph, model, check and compile, execute. Writes a markdown table.

usage: python scripts/ask_latency.py CHECKPOINT [--beam N] [--out reports/ask_latency.md]

Asks the hand-written questions of the embedded databases, each once after a first round that warms everything. One thread. Milliseconds
depend on the machine and on what else it does: compare the rows of one table.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch

from microgt.commit import git_hash
from microgt.data.demo.source import DemoSource
from microgt.data.example import Example
from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import EngineError, MicrogtError
from microgt.files import write_text
from microgt.model.collate import collate
from microgt.model.decoding import beam_search
from microgt.model.predictor import Predictor
from microgt.spec import check, compile_spec

SPLITS = ("test", "unseen")


class Stopwatch:
    """Milliseconds of each stage of each question."""

    def __init__(self) -> None:
        self.stages: dict[str, list[float]] = defaultdict(list)
        self._last = 0.0

    def start(self) -> None:
        """A new question."""
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """The stage ends here."""
        now = time.perf_counter()
        self.stages[stage].append(1000 * (now - self._last))
        self._last = now


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("reports/ask_latency.md"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    try:
        predictor = Predictor.load(args.checkpoint, beam=args.beam)
        source = DemoSource()
        examples = [e for split in SPLITS for e in source.examples(split)]
        with EnginePool(Limits()) as pool:
            _ask_all(predictor, source, pool, examples)
            watch = _ask_all(predictor, source, pool, examples)
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    text = _table(watch, len(examples), predictor, args)
    print(text)
    print(write_text(args.out, text))
    return 0


@torch.inference_mode()
def _ask_all(predictor: Predictor, source: DemoSource, pool: EnginePool, examples: list[Example]) -> Stopwatch:
    watch = Stopwatch()
    for example in examples:
        schema = source.schema(example.db)
        watch.start()
        graph = predictor.graph(example.question, schema)
        watch.lap("graph")
        batch = collate([graph], None, predictor.checkpoint.lexicon)
        found = beam_search(predictor.checkpoint.model, batch, graph.scope, beam=predictor.beam)
        watch.lap("encode and decode")
        spec = next((h.spec for h in found if not check(h.spec, schema)), None)
        sql = compile_spec(spec, schema) if spec is not None else None
        watch.lap("check and compile")
        if sql is not None:
            with suppress(EngineError):  # a query that fails takes its time too
                pool.engine(source.database(example.db)).run(sql)
        watch.lap("execute")
    return watch


def _table(watch: Stopwatch, count: int, predictor: Predictor, args: argparse.Namespace) -> str:
    stages = {name: np.array(times) for name, times in watch.stages.items()}
    stages["question to answer"] = np.sum(list(stages.values()), axis=0)
    parameters = sum(p.numel() for p in predictor.checkpoint.model.parameters())
    lines = [f"# Question to answer: {count} questions, {parameters / 1e6:.1f}M parameters, beam {args.beam}, one thread, warm", ""]
    lines += ["| stage | median ms | 90% under ms |", "|---|--:|--:|"]
    lines += [f"| {name} | {np.median(times):.1f} | {np.quantile(times, 0.9):.1f} |" for name, times in stages.items()]
    made = f"torch {torch.__version__}, Python {platform.python_version()}, {platform.machine()}, {git_hash() or 'no checkout'}"
    lines += ["", f"Made by `python scripts/ask_latency.py {args.checkpoint} --beam {args.beam}`: {made}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
