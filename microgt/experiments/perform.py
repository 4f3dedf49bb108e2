"""Do one job, or what is left of it, in this process. What is done, failed or under way can be seen from its folder."""

from __future__ import annotations

import fcntl
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from microgt.errors import MicrogtError
from microgt.experiments.jobs import Job
from microgt.experiments.result import FILE
from microgt.files import write_text

FAILED, PRUNED, LOCK = "failed.txt", "pruned.txt", "running.lock"


class State(StrEnum):
    """Of a job. pruned: stopped because it was behind others. interrupted: begun, and nobody is at it."""

    DONE = "done"
    PRUNED = "pruned"
    RUNNING = "running"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    WAITING = "waiting"

    @property
    def ended(self) -> bool:
        """Whether nothing of it remains to be done."""
        return self in (State.DONE, State.PRUNED)


class Pruned(MicrogtError):
    """A job is not worth going on with."""


def perform(job: Job, callbacks: Sequence[Any] = ()) -> State:
    """Do it unless it is done or another process is at it; an error is written down instead of raised, so that other jobs go on.

    callbacks: of Lightning. One that raises `Pruned` ends the job for good.
    """
    with _alone(job.folder) as alone:
        if not alone:
            return State.RUNNING
        if (before := state_of(job.folder, ours=True)).ended:
            return before
        (job.folder / FAILED).unlink(missing_ok=True)
        try:
            from microgt.experiments.run import go_on

            go_on(job.config, job.overrides, callbacks)
        except Pruned as pruned:
            write_text(job.folder / PRUNED, f"{pruned}\n")
            return State.PRUNED
        except Exception as error:
            reason = str(error) if isinstance(error, MicrogtError) else f"{type(error).__name__}: {error}"
            write_text(job.folder / FAILED, f"{' '.join(reason.split())}\n\n{traceback.format_exc()}")
            print(f"{job.name}: failed: {reason}", file=sys.stderr)
            return State.FAILED
        return State.DONE


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether this process has the job to itself; the kernel frees it when a process dies, however that happens."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def state_of(folder: Path, *, ours: bool = False) -> State:
    """What has become of the job in a folder. ours: this process has it to itself."""
    if (folder / FILE).is_file():
        return State.DONE
    if (folder / PRUNED).is_file():
        return State.PRUNED
    if not ours and _held(folder / LOCK):
        return State.RUNNING
    if (folder / FAILED).is_file():
        return State.FAILED
    return State.INTERRUPTED if (folder / "config.json").is_file() else State.WAITING


def _held(lock: Path) -> bool:
    if not lock.is_file():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def failure(folder: Path) -> str:
    """Why a job failed or was pruned, in a line; '' otherwise."""
    file = folder / (PRUNED if (folder / PRUNED).is_file() else FAILED)
    return file.read_text(encoding="utf-8").partition("\n")[0] if file.is_file() else ""
