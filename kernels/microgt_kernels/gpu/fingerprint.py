"""Whether a table of compiled kernels is of these kernels. Needs no triton."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

_NOT_COMPILED = ("__init__.py", "launch.py", "fingerprint.py")
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef


def fingerprint() -> str:
    """Sixteen hexadecimal digits that change with whatever decides what is compiled: kernels, tiles, options; not with documentation."""
    files = sorted(file for file in Path(__file__).parent.glob("*.py") if file.name not in _NOT_COMPILED)
    return hashlib.sha256("\n".join(code(file.read_text()) for file in files).encode()).hexdigest()[:16]


def code(text: str) -> str:
    """The lines of a module without docstrings, lines of comments and empty ones."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))
