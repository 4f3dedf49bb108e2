"""Questions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter

from microgt.audit.log import Log, log_of
from microgt.errors import NotAnswerable
from microgt.product.answered import refusal
from microgt.product.logged import logged
from microgt.serve.ask_desk import AskDesk
from microgt.serve.drawing import drawn
from microgt.serve.models import AskAnswer, Question
from microgt.serve.problems import PROBLEMS
from microgt.serve.service import Service


def ask_routes(service: Service) -> APIRouter:
    """`/ask`."""
    routes = APIRouter(tags=["questions"], responses=PROBLEMS)

    @routes.post("/ask")
    async def ask(question: Question) -> AskAnswer:
        """The answer to a question; or readings to choose from, or why there is no answer."""
        name, path = service.databases.find(question.db)
        log = log_of(path, on=service.settings.log)
        return await service.questions.do(lambda desk: _ask(name, path, question, desk, log), service.settings.seconds)

    return routes


def _ask(name: str, path: Path, asked: Question, desk: AskDesk, log: Log) -> AskAnswer:
    chart, warnings = None, []
    try:
        answered = logged(
            lambda: desk.ask(path, asked.question, beam=asked.beam, as_of=asked.as_of, previous=asked.previous, choose=asked.choose),
            log,
            asked.question,
            previous=asked.previous,
        )
    except NotAnswerable as error:
        said = refusal(error)
    else:
        said = answered.to_json()
        chart, warnings = drawn(answered.table, answered.view, answered.title, answered.forecast, desk.watch)
    return AskAnswer.model_validate(
        {
            "changes": [],
            "forecast": None,
            "readings": [],
            **said,
            "question": asked.question,
            "db": name,
            "chart": chart,
            "data_version": desk.database(path).version,
            "warnings": [*said["warnings"], *warnings],
            "answered_at": datetime.now(UTC),
            "seconds": desk.watch.shown(),
        }
    )
