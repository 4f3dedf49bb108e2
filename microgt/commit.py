"""The commit that microgt runs from, for everything that is written down with it."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git_hash() -> str | None:
    """The commit of the checkout that microgt runs from, with `+changes` when files differ; None outside a checkout.

    An installed copy inside somebody else's repository is outside: only a `.git` beside the package counts.
    """
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=10).stdout.strip()

    try:
        return git("rev-parse", "HEAD") + ("+changes" if git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None
