"""Learning rate over training: linear warm-up, then a cosine to zero or a constant. By steps; under a deadline by what is further on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

Schedule = Callable[[int, float, int], float]  # (step, progress, warmup) -> factor of the peak learning rate


class Clock:
    """How far training has come: steps done of all, or minutes passed of those allowed, whichever is more.

    With `minutes=None` progress is a function of the step alone, so that a resumed run repeats an uninterrupted one.
    """

    def __init__(self, steps: int, minutes: float | None = None):
        self.steps, self.minutes = steps, minutes
        self.before = 0.0  # seconds of earlier runs that this one continues
        self._started = time.monotonic()

    def restart(self, before: float = 0.0) -> None:
        """Start counting; `before` seconds were already used."""
        self.before, self._started = before, time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        return self.before + time.monotonic() - self._started

    def progress(self, step: int) -> float:
        """From 0 to 1."""
        by_time = self.seconds / (60 * self.minutes) if self.minutes else 0.0
        return min(1.0, max(step / self.steps, by_time))

    def overdue(self) -> bool:
        """Whether the deadline has passed."""
        return self.minutes is not None and self.seconds >= 60 * self.minutes


def warmup_cosine(step: int, progress: float, warmup: int, floor: float = 0.02) -> float:
    """Factor of the peak learning rate at `step`; `progress` in [0, 1] drives the cosine, `warmup` counts steps."""
    return min(1.0, (step + 1) / max(1, warmup)) * max(floor, 0.5 * (1 + math.cos(math.pi * progress)))


def warmup_constant(step: int, progress: float, warmup: int) -> float:
    """As `warmup_cosine` without the cosine: however soon training ends, it has learnt at full rate, and averaging smooths the end."""
    return min(1.0, (step + 1) / max(1, warmup))
