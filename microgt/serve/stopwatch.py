"""The time of one request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Stopwatch:
    """Runs from its making. seconds: by stage, what each has taken so far."""

    def __init__(self, most: float):
        self._begin, self._most = monotonic(), most
        self.seconds: dict[str, float] = {}

    @property
    def total(self) -> float:
        """Seconds since the request came."""
        return monotonic() - self._begin

    @property
    def left(self) -> float:
        """Seconds until its answer is of no use any more; below 0 after that."""
        return self._most - self.total

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block to a stage."""
        begin = monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + monotonic() - begin

    def shown(self) -> dict[str, float]:
        """Seconds by stage and in total, to a tenth of a millisecond."""
        return {name: round(seconds, 4) for name, seconds in (*self.seconds.items(), ("total", self.total))}
