"""The FastAPI application over a service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer

from microgt import __version__
from microgt.products.store import Store
from microgt.serve.ask_routes import ask_routes
from microgt.serve.auth import HostGate, OriginGate, TokenGate
from microgt.serve.database_routes import ADDRESS as DATABASES
from microgt.serve.database_routes import database_routes
from microgt.serve.feedback_routes import feedback_routes
from microgt.serve.health_routes import health_routes, metrics_routes
from microgt.serve.limits import BodyLimits
from microgt.serve.metrics import Measured
from microgt.serve.problems import answer_problems
from microgt.serve.product_routes import product_routes
from microgt.serve.profile_routes import profile_routes
from microgt.serve.service import Service
from microgt.serve.spec_routes import spec_routes
from microgt.serve.suggest_routes import suggest_routes
from microgt.serve.ui_routes import serve_page


def create_app(service: Service) -> FastAPI:
    """The application; it closes the service when it stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
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
    answer_problems(app)
    _guard(app, service)
    settings = service.settings
    # The gate looks at the token; this says so in the OpenAPI.
    secured = [Security(HTTPBearer(auto_error=False))] if settings.token or settings.tokens else []
    app.include_router(health_routes(service))
    makers = (metrics_routes, spec_routes, ask_routes, suggest_routes, profile_routes, database_routes, feedback_routes)
    groups = [routes(service) for routes in makers]
    if settings.products:
        groups.append(product_routes(service, Store(settings.products)))
    for routes in groups:
        app.include_router(routes, dependencies=secured)
    if settings.ui:
        serve_page(app)
    return app


def _guard(app: FastAPI, service: Service) -> None:
    """What a request passes before its route, from the last line to the first."""
    settings = service.settings
    app.add_middleware(
        BodyLimits, size=settings.body, seconds=settings.seconds, files={DATABASES: settings.upload} if settings.uploads else {}
    )
    app.add_middleware(OriginGate)
    if settings.token or settings.tokens:
        tokens = {**settings.tokens, **({"": settings.token} if settings.token else {})}
        app.add_middleware(TokenGate, tokens=tokens)
    elif settings.hosts:
        app.add_middleware(HostGate, hosts=settings.hosts)
    app.add_middleware(Measured, metrics=service.metrics)
