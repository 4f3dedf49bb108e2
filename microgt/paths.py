"""Where the cache is, and where what cannot be made again is."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """$MICROGT_CACHE, else `~/.cache/microgt`. Everything in it can be made again."""
    return Path(os.environ.get("MICROGT_CACHE") or Path.home() / ".cache" / "microgt")


def home_dir() -> Path:
    """$MICROGT_HOME, else `~/.local/share/microgt`. In it are the logs of databases and the checkpoints that learnt from them."""
    return Path(os.environ.get("MICROGT_HOME") or Path.home() / ".local" / "share" / "microgt")
