"""Mistakes with their place."""

from __future__ import annotations

from collections.abc import Iterable

from microgt.errors import CompileError


def error_at(code: str, place: str, message: str, given: object = None, choices: Iterable[str] = ()) -> CompileError:
    """The error of a mistake at a JSON pointer."""
    return CompileError(code, message, place=place, given=given, choices=choices)
