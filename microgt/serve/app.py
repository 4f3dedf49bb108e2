"""The FastAPI application over a service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from microgt import __version__
from microgt.serve.health_routes import health_routes
from microgt.serve.limits import BodyLimits
from microgt.serve.problems import answer_problems
from microgt.serve.service import Service
from microgt.serve.spec_routes import spec_routes


def create_app(service: Service) -> FastAPI:
    """The application; it closes the service when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.openapi()  # takes most of a second, and is kept
        try:
            yield
        finally:
            service.close()

    app = FastAPI(
        title="microgt",
        summary="Questions about databases to typed specs, SQL and answers.",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # these pages load their scripts from another host
        redoc_url=None,
        separate_input_output_schemas=False,  # a spec is the same in both directions
    )
    app.add_middleware(BodyLimits, size=service.settings.body, seconds=service.settings.seconds)
    answer_problems(app)
    for routes in (health_routes(service), spec_routes(service)):
        app.include_router(routes)
    return app
