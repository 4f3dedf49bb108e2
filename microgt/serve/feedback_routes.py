"""What people say of answers."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from microgt.audit.events import Corrected, Judged
from microgt.audit.log import log_file
from microgt.errors import SpecError
from microgt.product.correct import correct
from microgt.product.history import wide
from microgt.product.ranked import Once
from microgt.serve.desk import Desk
from microgt.serve.feedback_models import Correction, Counted, Feedback, Noted
from microgt.serve.problems import PROBLEMS, placed_below
from microgt.serve.service import Service
from microgt.serve.who import Who
from microgt.spec.json import write_spec
from microgt.spec.words import in_words


def feedback_routes(service: Service) -> APIRouter:
    """`/feedback` and `/corrections`."""
    routes = APIRouter(tags=["feedback"], responses=PROBLEMS)
    seconds = service.settings.seconds

    @routes.post("/feedback")
    async def feedback(given: Feedback, who: Who) -> Noted:
        """A thumb up or down for an answer."""
        name, path = service.databases.find(given.db)
        spec = write_spec(given.spec) if given.spec else None
        judged = Judged(question=given.question, spec=spec, origin=given.origin, thumb=given.thumb, by=who)
        await service.specs.do(lambda _: log_file(path).note(judged), seconds)
        return Noted(db=name, thumb=given.thumb)

    @routes.post("/corrections")
    async def corrections(given: Correction, who: Who) -> Counted:
        """What a question means. It counts when its spec can be checked and run; `microgt learn` trains on it."""
        name, path = service.databases.find(given.db)
        try:
            return await service.specs.do(lambda desk: _correct(name, path, given, desk, who), seconds)
        except SpecError as error:
            raise placed_below("/spec", error) from None

    return routes


def _correct(name: str, path: Path, given: Correction, desk: Desk, who: str) -> Counted:
    database, log = desk.database(path), log_file(path)
    engine = desk.engines.engine(database.path)
    ran = correct(log, database, Once(engine), wide(engine), given.question, given.spec, was=given.was, by=who)
    return Counted(
        db=name,
        words=in_words(given.spec, database.schema),
        sql=ran.sql,
        row_count=len(ran.table.rows),
        corrections=sum(isinstance(event, Corrected) for event in log.events()),
    )
