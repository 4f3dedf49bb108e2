"""A sweep: its jobs, handed to a launcher. Started again, it does what is not done yet."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from microgt.build import build
from microgt.experiments.jobs import jobs_of, remember
from microgt.experiments.perform import State, state_of


def sweep(overrides: Sequence[str]) -> Path:
    """Do all jobs of the overrides; return the sweep's folder. Raises `ConfigError` before any job when one cannot be composed."""
    jobs = jobs_of(overrides)
    remember(jobs)
    folder = jobs[0].folder.parent
    todo = [job for job in jobs if not state_of(job.folder).ended]
    print(f"{folder}: {len(jobs)} jobs, {len(jobs) - len(todo)} done", file=sys.stderr)
    if todo:
        ended = Counter[State]()
        for state in build(jobs[0].config["launcher"])(todo):
            ended[state] += 1
            print(f"{folder}: {ended.total()} of {len(todo)} ended: {_in_words(ended)}", file=sys.stderr, flush=True)
    return folder


def _in_words(counts: Counter[State]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.most_common())
