"""Where the cache is."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """$MICROGT_CACHE, else `~/.cache/microgt`. Everything in it can be made again."""
    return Path(os.environ.get("MICROGT_CACHE") or Path.home() / ".cache" / "microgt")
