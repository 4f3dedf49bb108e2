"""The loop: sample a plan, choose a view, finish the sentence, keep it when it is accepted, runs and returns rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from microgt.data.example import Example
from microgt.data.generator import phrases
from microgt.data.generator.kinds import KINDS, Kinds
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import Profile
from microgt.data.generator.vocabulary import Vocabulary
from microgt.errors import EngineError, SpecError
from microgt.schema.types import Schema
from microgt.spec import check, compile_spec
from microgt.spec.types import Answer, Chart, Ref
from microgt.spec.views import view_errors

Run = Callable[[str], Sequence]


def generate(
    schema: Schema,
    run: Run,
    count: int,
    *,
    seed: int,
    words: Vocabulary | None = None,
    split: str = "generated",
    kinds: Kinds = KINDS,
) -> Iterator[Example]:
    """Up to `count` examples over one schema, deterministic in `seed`.

    run: executes SQL and returns rows; examples whose query fails or returns nothing (or only NULLs) are dropped.
    words: what people call things. kinds: of question, with how often each is drawn beside the others.
    """
    rng = random.Random(f"{schema.name}/{seed}")
    pieces = Pieces(Profile(schema, words or Vocabulary()), rng)
    options, weights = zip(*kinds, strict=True)
    seen: set[str] = set()
    produced = 0
    for _ in range(count * 4):
        if produced >= count:
            return
        plan = rng.choices(options, weights)[0](pieces)
        answer, question = present(plan, schema, rng)
        if question in seen or not _kept(answer, schema, run):
            continue
        seen.add(question)
        produced += 1
        yield Example(
            id=f"{schema.name}_{split}_{seed}_{produced:06d}",
            question=question,
            db=schema.name,
            spec=answer,
            sql=None,
            split=split,
            category=plan.category,
        )


def _kept(answer: Answer, schema: Schema, run: Run) -> bool:
    return not check(answer, schema) and has_answer(answer, schema, run)


def has_answer(answer: Answer, schema: Schema, run: Run) -> bool:
    """Whether its query runs and returns something that is not NULL."""
    try:
        rows = run(compile_spec(answer, schema))
    except (SpecError, EngineError):
        return False
    return any(value is not None for row in rows for value in row)


def present(plan: Plan, schema: Schema, rng: random.Random) -> tuple[Answer, str]:
    """The answer with its view, and the whole question."""
    text = plan.text.strip()
    opening = (
        ""
        if plan.question
        or text.startswith(("how ", "which ", "compare ", "what ", "list ", "for each", "for every", "each ", "on average", "per ", "by "))
        else rng.choice(phrases.OPENINGS)
    )
    if plan.mark:
        return _charted(plan, plan.mark), phrases.finish(rng, opening + text)
    marks = [mark for mark in _marks(plan) if not view_errors(_charted(plan, mark), schema)]
    if marks and rng.random() < 0.22:
        mark = rng.choice(marks)
        return _charted(plan, mark), _chart_asked(mark, plan, text, opening, rng)
    if rng.random() < 0.04:
        return Answer(query=plan.query), phrases.finish(rng, opening + text + rng.choice((" as a table", " in a table", " in table form")))
    return Answer(query=plan.query), phrases.finish(rng, opening + text)


def _marks(plan: Plan) -> list[str]:
    """Charts that fit the shape of the result; which of them fit its measure the checker says."""
    if plan.keys == 1 and len(plan.query.outputs) == 2:
        if plan.time:
            return ["line", "line", "line", "bar", "area"]
        return ["bar", "bar", "bar", "barh", "pie", "donut", "donut"]
    if plan.keys == 2 and len(plan.query.outputs) == 3:
        return ["line", "stacked", "grouped"] if plan.time else ["stacked", "grouped", "heatmap"]
    return []


def _charted(plan: Plan, mark: Any) -> Answer:
    chart = Chart(mark=mark, y=Ref(output=2), color=Ref(output=1)) if plan.keys == 2 else Chart(mark=mark)
    return Answer(query=plan.query, view=chart)


def _chart_asked(mark: str, plan: Plan, text: str, opening: str, rng: random.Random) -> str:
    named = rng.choice(phrases.MARKS[mark])
    if rng.random() < 0.5 or plan.question:
        sentence = opening + text + rng.choice(phrases.AS_CHART).format(c=named)
    else:
        as_chart = rng.choice(phrases.AS_CHART).format(c=named)
        sentence = rng.choice(phrases.FRONT_CHART).format(c=named, q=text, a=as_chart)
    return phrases.finish(rng, sentence)
