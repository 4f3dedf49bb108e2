"""The child process behind engines: started with the first request, killed when it does not answer in time, started again."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import weakref
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from microgt.errors import EngineError

_SCRIPT = Path(__file__).with_name("worker.py")
_START_SECONDS = 60.0  # a busy machine may need long to start a process


class Worker:
    """One process that answers one request after the other, on any number of database files. For one thread."""

    def __init__(self, memory_mb: int):
        self.memory_mb = memory_mb
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """The process, when it runs."""
        return self._child.process.pid if self._child is not None and self._child.alive else None

    def ask(self, request: tuple[Any, ...], seconds: float) -> tuple[Any, ...]:
        """The reply. The time to start the process is not counted.

        Raises `TimeoutError` when none came in time, `EOFError` or `OSError` when the process died, `EngineError` when it did not start.
        After each of them, and after a reply that begins with "fatal", there is no process until the next request.
        """
        child = self._child
        if child is None or not child.alive:
            child = self._start()
        try:
            reply = child.ask(request, seconds)
        except BaseException:  # also Ctrl-C between question and answer: the pipe is out of step
            self.stop()
            raise
        if reply[0] == "fatal":
            self.stop()
        return reply

    def _start(self) -> _Child:
        self.stop()
        child = self._child = _Child(self.memory_mb)
        try:
            child.wait(_START_SECONDS)
        except (EOFError, OSError):  # of which TimeoutError is one
            self.stop()
            raise EngineError(f"the worker process did not start (waited at most {_START_SECONDS:g} s)") from None
        except BaseException:
            self.stop()
            raise
        return child

    def stop(self) -> None:
        """Kill the process; the next request starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.stop()


class _Child:
    """A process and the pipe to it. It is stopped at the latest when this object, or the interpreter, goes."""

    def __init__(self, memory_mb: int) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        # -P: the folder of the script holds a duckdb.py. A process group of its own: Ctrl-C is for the parent.
        command = [sys.executable, "-P", str(_SCRIPT), str(theirs.fileno()), str(memory_mb)]
        silent = subprocess.DEVNULL
        with theirs:
            self.process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], process_group=0, stdin=silent, stdout=silent, stderr=silent
            )
        self.stop = weakref.finalize(self, _stop, self.process, self._pipe)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, request: tuple[Any, ...], seconds: float) -> tuple[Any, ...]:
        self._pipe.send(request)
        return self.wait(seconds)

    def wait(self, seconds: float) -> tuple[Any, ...]:
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()


def _stop(process: subprocess.Popen[bytes], pipe: Connection) -> None:
    pipe.close()
    process.kill()
    process.wait()
