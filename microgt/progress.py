"""Progress of long work: a bar on a terminal, nothing in CI or where nobody watches."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.progress import track


def progress(items: Iterable[Any], what: str, total: int) -> Iterable[Any]:
    """The items, with a rich bar on standard error."""
    if os.environ.get("CI") or not sys.stderr.isatty():
        return items
    return track(items, what, total=total, console=Console(stderr=True))
