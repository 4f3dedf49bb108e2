"""Whether a table of compiled kernels is of these kernels. Needs no triton."""

from __future__ import annotations

import hashlib
from pathlib import Path

_NOT_COMPILED = ("__init__.py", "launch.py", "fingerprint.py")


def fingerprint() -> str:
    """Sixteen hexadecimal digits that change with the text of whatever decides what is compiled: kernels, tiles, options."""
    files = sorted(file for file in Path(__file__).parent.glob("*.py") if file.name not in _NOT_COMPILED)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
