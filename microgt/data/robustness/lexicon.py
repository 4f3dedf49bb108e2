"""The lexicon of synonyms, in two halves: one to train with, one to judge by, so that nothing is judged by what was trained on."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Literal

Part = Literal["train", "held_out", "all"]
Lexicon = dict[tuple[str, ...], tuple[str, ...]]  # the words of a name -> what people say instead


@cache
def lexicon(part: Part = "all") -> Lexicon:
    """`synonyms.txt`, or one half of it. Raises `ValueError` for another part."""
    if part not in ("train", "held_out", "all"):
        raise ValueError(f"no part {part!r} of the lexicon; choices: train, held_out, all")
    lines = files("microgt.data.robustness").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines()
    found: Lexicon = {}
    for head, _, others in (line.partition(": ") for line in lines if line and not line.startswith("#")):
        chosen = tuple(o for o in others.split(", ") if part in ("all", half(head, o)))
        if chosen:
            found[tuple(head.split())] = chosen
    return found


def half(one: str, other: str) -> Literal["train", "held_out"]:
    """Which half a pair of synonyms is in, whichever of the two is named first."""
    digest = hashlib.sha256("|".join(sorted((one, other))).encode()).digest()
    return "train" if digest[0] % 2 == 0 else "held_out"
