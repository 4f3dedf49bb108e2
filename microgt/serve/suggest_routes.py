"""Questions to begin with.

`GET /suggestions?db=` -> `[{"kind": "total" | "trend" | "top" | "share" | "average", "question": ..., "words": ..., "spec": {...}}]`,
the same each time while the data are. Ask the question, or run the spec, which answers it, by `/spec/run`. No model has a part in it.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter

from microgt.product.ranked import Once
from microgt.product.suggest import suggestions
from microgt.serve.desk import Desk
from microgt.serve.models import SuggestionOut
from microgt.serve.problems import PROBLEMS
from microgt.serve.service import Service
from microgt.spec.words import in_words


def suggest_routes(service: Service) -> APIRouter:
    """`/suggestions`."""
    routes = APIRouter(tags=["questions"], responses=PROBLEMS)

    @routes.get("/suggestions")
    async def suggested(db: str | None = None) -> list[SuggestionOut]:
        """Questions about a database that have an answer, of several kinds."""
        _, path = service.databases.find(db)
        return await service.specs.do(lambda desk: _suggested(path, desk), service.settings.seconds)

    return routes


def _suggested(path: Path, desk: Desk) -> list[SuggestionOut]:
    database = desk.database(path)
    found = suggestions(database.schema, Once(desk.engines.engine(database.path)))
    return [SuggestionOut(kind=s.kind, question=s.question, words=in_words(s.spec, database.schema), spec=s.spec) for s in found]
