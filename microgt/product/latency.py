"""How long an answer takes on a warm process, stage by stage.

Several models are asked the same questions in turn, so that whatever else the machine does is spread over all of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgt.engine.duckdb import DuckDBEngine
from microgt.errors import EngineError, GrammarError, SpecError
from microgt.graph import Graph
from microgt.model.proposer import Proposer
from microgt.model.search import beam_search, greedy
from microgt.model.steps import Hypothesis, Stepper
from microgt.progress import progress
from microgt.schema.types import Schema
from microgt.spec.checker import checked_sql
from microgt.spec.types import Answer, Edit, Spec

_PROCESS = 2  # which clock of a process: see clock_getcpuclockid(3) and the kernel's posix-timers.h
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
        processor, wall = self._now()
        self.laps.append((1e3 * (processor - self._last[0]), 1e3 * (wall - self._last[1])))
        self._last = self._now()


def processor_of(pid: int | None) -> float:
    """Seconds of processor time of all threads of a process; 0.0 where the system does not say."""
    with suppress(OSError, OverflowError):  # no such process, or a number that none has
        return time.clock_gettime(~pid << 3 | _PROCESS) if pid and sys.platform == "linux" else 0.0
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
    watch = stopwatch(asked)
    graph = arm.proposer.fresh_graph(asked.question, asked.schema)
    watch.lap()
    found = _search(arm, graph, watch)
    watch.lap()
    sql = first_sql([h.spec for h in found], asked.schema)
    watch.lap()
    executed(sql, asked)
    watch.lap()
    return watch


def stopwatch(asked: Asked) -> Stopwatch:
    """One that runs from now on, and counts the engine's time too."""
    return Stopwatch(lambda: asked.engine.worker.pid if asked.engine else None)


def first_sql(specs: Sequence[Spec], schema: Schema) -> str | None:
    """The SQL of the first reading that has one."""
    for spec in specs:
        if isinstance(spec, Answer | Edit):
            with suppress(SpecError):
                return checked_sql(spec, schema)
    return None


def executed(sql: str | None, asked: Asked) -> bool:
    """Run it where there is something to run; whether rows came."""
    if sql is not None and asked.engine is not None:
        with suppress(EngineError):
            asked.engine.run(sql)
            return True
    return False


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
