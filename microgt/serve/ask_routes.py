"""Questions, and changes of their answers in words.

`POST /ask` takes `{question, db?, previous?, choose?, beam?, as_of?}` and answers with `AskAnswer`: question, intent, spec, words, sql,
columns, rows, chart, forecast, changes, readings, warnings and so on.

`POST /refine` takes `{words, spec, db?, choose?, beam?, as_of?}` and answers with the same and two more, `patch` and `choices`. `spec` is
that of the answer which is shown (kind answer or edit), `words` say what is to become of it. `intent` tells what came of it:

    edit          the answer was changed: `spec` is {"kind": "edit", "answer": ...}; `changes` say how, `patch` leads there from the spec
                  that was sent (without its edit around it)
    answer        the words were a new question, which the model answered: `patch` is []
    clarify       the words can mean several things: show `readings` and send the same with `choose`
    unanswerable  not possible: the first of `warnings` says why, `choices` what could be said instead; the spec sent stays as it is

`POST /attention` takes `{question, spec, db?, previous?}` of an answer and tells which words the model looked at (`AttentionOut`).

Undo is the spec before: who asks keeps the specs that were shown.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from microgt.audit.log import Log, log_of
from microgt.errors import CannotRefine, NotAnswerable
from microgt.product.answered import Answered, refusal
from microgt.product.forecast import answer_in
from microgt.product.logged import logged
from microgt.serve.ask_desk import AskDesk
from microgt.serve.drawing import drawn
from microgt.serve.models import AskAnswer, AttentionOut, Looked, Question, Refined, Refinement
from microgt.serve.problems import PROBLEMS
from microgt.serve.service import Service
from microgt.serve.who import Who
from microgt.spec.edit import patch_between
from microgt.spec.json import read_spec
from microgt.spec.types import Answer, Edit, Spec


def ask_routes(service: Service) -> APIRouter:
    """`/ask`, `/refine` and `/attention`."""
    routes = APIRouter(tags=["questions"], responses=PROBLEMS)
    seconds = service.settings.seconds

    @routes.post("/ask")
    async def ask(question: Question, who: Who) -> AskAnswer:
        """The answer to a question; or readings to choose from, or why there is no answer."""
        name, path = service.databases.find(question.db)
        log = log_of(path, on=service.settings.log)
        return await service.questions.do(lambda desk: _ask(name, path, question, desk, log, who), seconds)

    @routes.post("/refine")
    async def refine(asked: Refinement, who: Who) -> Refined:
        """An answer after a change in words, such as "only 2023" or "as a line"; or readings to choose from, or why there is none."""
        name, path = service.databases.find(asked.db)
        log = log_of(path, on=service.settings.log)
        return await service.questions.do(lambda desk: _refine(name, path, asked, desk, log, who), seconds)

    @routes.post("/attention")
    async def attention(given: Looked) -> AttentionOut:
        """Which words of a question the model looked at when it chose what an answer's spec names."""
        _, path = service.databases.find(given.db)
        words, on = await service.questions.do(lambda desk: desk.attended(path, given.question, given.spec, given.previous), seconds)
        return AttentionOut.model_validate({"words": words, "on": on})

    return routes


def _ask(name: str, path: Path, asked: Question, desk: AskDesk, log: Log, who: str) -> AskAnswer:
    def answered() -> Answered:
        return desk.ask(path, asked.question, beam=asked.beam, as_of=asked.as_of, previous=asked.previous, choose=asked.choose)

    said, _ = _said(lambda: logged(answered, log, asked.question, previous=asked.previous, by=who), desk)
    return AskAnswer.model_validate(_whole(said, asked.question, name, path, desk))


def _refine(name: str, path: Path, asked: Refinement, desk: AskDesk, log: Log, who: str) -> Refined:
    def answered() -> Answered:
        return desk.refine(path, asked.words, asked.spec, beam=asked.beam, as_of=asked.as_of, choose=asked.choose)

    said, choices = _said(lambda: logged(answered, log, asked.words, previous=asked.spec, by=who), desk)
    patch = _patch(asked.spec, said)
    return Refined.model_validate({**_whole(said, asked.words, name, path, desk), "patch": patch, "choices": choices})


def _said(answered: Callable[[], Answered], desk: AskDesk) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What is answered, or said in its place, with its chart; and choices."""
    try:
        found = answered()
    except NotAnswerable as error:
        return {"chart": None, **refusal(error)}, error.choices if isinstance(error, CannotRefine) else ()
    said = found.to_json()
    chart, warnings = drawn(found.table, found.view, found.title, found.forecast, desk.watch)
    return {**said, "chart": chart, "warnings": [*said["warnings"], *warnings]}, ()


def _patch(before: Spec, said: dict[str, Any]) -> list[dict[str, Any]]:
    """From the answer that was sent to that which is shown."""
    if said["intent"] != "edit" or not isinstance(before, Answer | Edit):
        return []
    after = read_spec(said["spec"])
    return patch_between(answer_in(before), answer_in(after)) if isinstance(after, Edit) else []


def _whole(said: dict[str, Any], question: str, name: str, path: Path, desk: AskDesk) -> dict[str, Any]:
    return {
        "changes": [],
        "links": [],
        "forecast": None,
        "readings": [],
        "notes": [],
        **said,
        "question": question,
        "db": name,
        "data_version": desk.database(path).version,
        "seconds": desk.watch.shown(),
    }
