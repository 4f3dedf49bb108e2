"""How long an answer takes on a warm process, stage by stage.

Several models are asked the same questions in turn, so that whatever else the machine does is spread over all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import EngineError, GrammarError
from microgt.graph import Graph
from microgt.model.proposer import Proposer
from microgt.model.search import beam_search, greedy
from microgt.model.steps import Hypothesis, Stepper
from microgt.progress import progress
from microgt.schema.types import Schema
from microgt.spec import check, compile_spec

STAGES = ("graph", "encode", "decode", "compile", "execute")


@dataclass(frozen=True)
class Arm:
    """A model in some form, and how it searches. beam: 1 is greedy."""

    name: str
    proposer: Proposer
    beam: int


@dataclass(frozen=True)
class Asked:
    """A question, and where it is asked. engine: None: nothing is executed."""

    question: str
    schema: Schema
    engine: DuckDBEngine | None = None


@dataclass(frozen=True)
class Times:
    """Milliseconds of each question and stage, float [questions, STAGES].

    processor: of this process and of the engine's. wall: that passed.
    """

    processor: np.ndarray
    wall: np.ndarray


class Stopwatch:
    """Laps of one question. worker: pid of the engine's process, while there is one."""

    def __init__(self, worker: Callable[[], int | None]):
        self._worker, self.laps = worker, list[tuple[float, float]]()
        self._last = self._now()

    def _now(self) -> tuple[float, float]:
        return time.process_time() + processor_of(self._worker()), time.perf_counter()

    def lap(self) -> None:
        """A stage ends here."""
        before, self._last = self._last, self._now()
        self.laps.append((1e3 * (self._last[0] - before[0]), 1e3 * (self._last[1] - before[1])))


def processor_of(pid: int | None) -> float:
    """Seconds of processor time of all threads of a process; 0.0 where the system does not say."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat") if pid else ()
    with suppress(OSError):  # a thread has ended meanwhile
        return sum(int(file.read_text().split()[0]) for file in threads) / 1e9
    return 0.0


def measure(arms: Sequence[Arm], asked: Sequence[Asked], *, warm: int = 1) -> list[Times]:
    """Of each arm. Each question is asked `warm` times before its time is taken, so that linkers and pages are there."""
    laps: list[list[list[tuple[float, float]]]] = [[] for _ in arms]
    for one in progress(asked, "asking", len(asked)):
        for arm, found in zip(arms, laps, strict=True):
            for _ in range(warm):
                ask(arm, one)
            found.append(ask(arm, one).laps)
    return [Times(*np.moveaxis(np.array(found), -1, 0)) for found in laps]


def ask(arm: Arm, asked: Asked) -> Stopwatch:
    """A lap for each stage. A reading that cannot be written or run takes its time too."""
    watch = Stopwatch(lambda: asked.engine.worker.pid if asked.engine else None)
    graph = arm.proposer.fresh_graph(asked.question, asked.schema)
    watch.lap()
    found = _search(arm, graph, watch)
    watch.lap()
    spec = next((h.spec for h in found if not check(h.spec, asked.schema)), None)
    sql = compile_spec(spec, asked.schema) if spec is not None else None
    watch.lap()
    if sql is not None and asked.engine is not None:
        with suppress(EngineError):
            asked.engine.run(sql)
    watch.lap()
    return watch


def _search(arm: Arm, graph: Graph, watch: Stopwatch) -> list[Hypothesis]:
    """All readings; encoding ends with a lap."""
    stepper, writing = arm.proposer.read([graph])
    begun = _Begun(stepper)
    watch.lap()
    with suppress(GrammarError):
        return greedy(begun, writing, 1) if arm.beam == 1 else beam_search(begun, writing, beam=arm.beam)
    return []


class _Begun:
    """A `Stepper` that has encoded."""

    def __init__(self, stepper: Stepper):
        self._state = stepper.start()
        self.step, self.select = stepper.step, stepper.select

    def start(self) -> Any:
        return self._state
