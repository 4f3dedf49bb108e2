"""A profile that is made in a process of its own, which ends when its time is over, whatever it is asking the data then."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from pathlib import Path

from microgt.errors import QueryTimeout
from microgt.profile import Profile, profile


def profile_within(path: Path, seconds: float) -> Profile:
    """As `profile`. Raises `QueryTimeout` when it is not there after so many seconds."""
    with multiprocessing.get_context("spawn").Pool(1, _begin) as process:  # a fork would copy the locks of other threads
        try:
            return process.apply_async(profile, (path,)).get(max(seconds, 0))
        except multiprocessing.TimeoutError:
            raise QueryTimeout(f"there is no profile of {path} after {seconds:g} s") from None


def _begin() -> None:
    """Let the process stop its own worker when it is stopped, and leave Ctrl-C to the server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
