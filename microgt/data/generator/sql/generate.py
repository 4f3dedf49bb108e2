"""The loop: draw a kind and what it is about, import its SQL, keep it when the spec is accepted, runs and returns rows."""

from __future__ import annotations

import random
from collections.abc import Iterator

from microgt.data.example import Example
from microgt.data.generator.sql.cells import Run
from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.kinds import KINDS
from microgt.data.generator.sql.sampler import Plan, Sampler, Synonyms
from microgt.data.generator.sql.sentences import sentence
from microgt.data.generator.synonyms import synonyms as some_synonyms
from microgt.errors import EngineError, SpecError
from microgt.schema.types import Schema
from microgt.spec import check, compile_spec
from microgt.spec.importer import import_sql
from microgt.spec.types import Spec

_TRIES = 6  # drawn for each example asked for, at most
_KIND_TRIES = 5  # a schema has something for most kinds when asked several times


def generate_sql(
    schema: Schema, run: Run, count: int, *, seed: int, synonyms: Synonyms = some_synonyms, split: str = "synthetic"
) -> Iterator[Example]:
    """Up to `count` examples over one schema, deterministic in `seed`, no question twice.

    run: executes SQL and returns rows; examples whose query fails or returns nothing (or only NULLs, or only zeros) are dropped.
    """
    rng = random.Random(f"{schema.name}/{seed}")
    sampler = Sampler(schema, run, rng, synonyms)
    conditions, asked, golds = Conditions(sampler), set[str](), dict[str, Spec | None]()
    kinds, weights = zip(*KINDS, strict=True)
    for _ in range(count * _TRIES):
        if len(asked) >= count:
            return
        kind = rng.choices(kinds, weights)[0]
        plan = next((p for p in (kind(sampler, conditions) for _ in range(_KIND_TRIES)) if p is not None), None)
        if plan is None:
            continue
        question = sentence(plan, rng)
        if question in asked:
            continue
        if plan.sql not in golds:
            golds[plan.sql] = gold(plan, schema, run)
        spec = golds[plan.sql]
        if spec is not None:
            asked.add(question)
            yield Example(f"{schema.name}_{split}_{seed}_{len(asked):06d}", question, schema.name, spec, None, split, plan.kind)


def gold(plan: Plan, schema: Schema, run: Run) -> Spec | None:
    """The spec of a plan's SQL; None when there is none or it has no answer."""
    try:
        spec = import_sql(plan.sql, schema)
        if check(spec, schema):
            return None
        rows = run(compile_spec(spec, schema))
    except (SpecError, EngineError):
        return None
    return spec if any(value not in (None, 0) for row in rows for value in row) else None
