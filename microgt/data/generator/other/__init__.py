"""Questions whose right answer is no table: a forecast, a question back, a refusal with its reason."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from microgt.data.example import Example
from microgt.data.generator.generate import Run, has_answer
from microgt.data.generator.other.clarify import clarify
from microgt.data.generator.other.forecast import forecast
from microgt.data.generator.other.refuse import no_column, no_path, out_of_scope
from microgt.data.generator.phrases import finish
from microgt.data.generator.pieces import Pieces
from microgt.data.generator.profile import Profile
from microgt.data.generator.vocabulary import Vocabulary
from microgt.schema.types import Schema
from microgt.spec import check
from microgt.spec.types import Answer, Clarify, Spec

Kind = Callable[[Pieces], tuple[Spec, str] | None]
KINDS: tuple[tuple[Kind, float], ...] = ((forecast, 5), (clarify, 3), (no_column, 3), (out_of_scope, 1.5), (no_path, 1))
_TRIES = 8  # drawn for each example asked for, at most


def generate_other(
    schema: Schema, run: Run, count: int, *, seed: int, words: Vocabulary | None = None, split: str = "other"
) -> Iterator[Example]:
    """Up to `count` examples over one schema, deterministic in `seed`. Parameters as of `generate`.

    The past of a forecast and all readings have an answer.
    """
    rng = random.Random(f"{schema.name}/{split}/{seed}")
    pieces, asked = Pieces(Profile(schema, words or Vocabulary()), rng), set[str]()
    kinds, weights = zip(*KINDS, strict=True)
    for _ in range(count * _TRIES):
        if len(asked) >= count:
            return
        kind = rng.choices(kinds, weights)[0]
        found = kind(pieces)
        if found is None:
            continue
        spec, question = found[0], finish(rng, found[1])
        answers = spec.readings if isinstance(spec, Clarify) else (spec,) if isinstance(spec, Answer) else ()
        if question in asked or check(spec, schema) or not all(has_answer(a, schema, run) for a in answers):
            continue
        asked.add(question)
        yield Example(f"{schema.name}_{split}_{seed}_{len(asked):06d}", question, schema.name, spec, None, split, spec.kind)
