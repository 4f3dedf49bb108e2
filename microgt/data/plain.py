"""When two questions are the same."""

from __future__ import annotations

import re


def plain(question: str) -> str:
    """Its words alone, in lower case."""
    return " ".join(re.findall(r"\w+", question.lower()))
