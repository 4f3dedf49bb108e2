"""Work that would block the event loop, done by a few threads, and refused when too much of it waits."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Generic, TypeVar

from microgt.errors import MicrogtError
from microgt.serve.desk import Desk
from microgt.serve.problems import Refusal
from microgt.serve.stopwatch import Stopwatch

D = TypeVar("D", bound=Desk)
T = TypeVar("T")
_LONGEST_RETRY = 60  # seconds
_WEIGHT = 0.2  # of the newest job in the mean time of one


class Pool(Generic[D]):
    """A thread for each desk; at most `queue` jobs wait for one. A job that nobody waits for any more keeps its desk until it ends.

    on_end: is told the time of each job that had a desk.
    """

    def __init__(self, name: str, desks: Sequence[D], queue: int):
        self.name, self._desks, self._most = name, tuple(desks), len(desks) + queue
        self._free: SimpleQueue[D] = SimpleQueue()
        for desk in desks:
            self._free.put(desk)
        self._threads = ThreadPoolExecutor(len(desks), thread_name_prefix=name)
        self._lock, self._admitted, self._mean = threading.Lock(), 0, 0.0
        self.on_end: Callable[[Stopwatch], None] = lambda watch: None

    @property
    def running(self) -> int:
        """Jobs that have a desk."""
        return min(self._admitted, len(self._desks))

    @property
    def waiting(self) -> int:
        """Jobs that have none yet."""
        return self._admitted - self.running

    async def do(self, job: Callable[[D], T], seconds: float) -> T:
        """What `job` returns, done at a desk.

        Raises what it raises, and `Refusal`: 503 when the queue is full, 504 when there is no result after that many seconds.
        """
        self._enter()
        watch = Stopwatch(seconds)
        future = self._threads.submit(self._work, job, watch)
        future.add_done_callback(lambda _: self._leave())
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise _late(seconds) from None

    def close(self) -> None:
        """Wait for what runs, drop what waits, and close the desks."""
        self._threads.shutdown(cancel_futures=True)
        for desk in self._desks:
            desk.close()

    def _enter(self) -> None:
        with self._lock:
            if self._admitted >= self._most:
                wait = math.ceil(self._admitted * self._mean / len(self._desks))
                headers = {"Retry-After": str(min(max(wait, 1), _LONGEST_RETRY))}
                raise Refusal(503, "E_BUSY", f"{self.waiting} requests are waiting already: try again later", headers=headers)
            self._admitted += 1

    def _leave(self) -> None:
        with self._lock:
            self._admitted -= 1

    def _work(self, job: Callable[[D], T], watch: Stopwatch) -> T:
        desk = self._free.get()
        desk.watch = watch
        watch.seconds["wait"] = watch.total
        try:
            result = job(desk)
            if watch.left > 0:
                return result
        except MicrogtError:
            if watch.left > 0:
                raise
        finally:
            self._mean += _WEIGHT * (watch.total - watch.seconds["wait"] - self._mean)
            self._free.put(desk)
            self.on_end(watch)
        raise _late(watch.total)


def _late(seconds: float) -> Refusal:
    return Refusal(504, "E_TIMEOUT", f"there is no answer after {seconds:g} s")
