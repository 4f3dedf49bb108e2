"""Where things are: the configuration folder in a checkout or a wheel, and the cache."""

from __future__ import annotations

import os
from pathlib import Path


def configs_dir() -> Path:
    """`<package>/configs` in a wheel, `<package>/../configs` in a checkout."""
    inside = Path(__file__).parent / "configs"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "configs"


def cache_dir() -> Path:
    """$MICROGT_CACHE, else `~/.cache/microgt`. Everything in it can be made again."""
    return Path(os.environ.get("MICROGT_CACHE") or Path.home() / ".cache" / "microgt")
