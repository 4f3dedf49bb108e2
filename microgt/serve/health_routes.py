"""Whether the service is there, whether it can answer, and how it has fared."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from microgt.serve.models import Health
from microgt.serve.problems import PROBLEMS
from microgt.serve.service import Service


def health_routes(service: Service) -> APIRouter:
    """`/health` and `/health/live`."""
    routes = APIRouter(tags=["health"])

    @routes.get("/health", responses={421: PROBLEMS[421], 503: {"model": Health, "description": "Not ready"}})
    async def health(response: Response) -> Health:
        """Live, and ready for questions."""
        reasons = await asyncio.to_thread(service.reasons)
        response.status_code = 503 if reasons else 200
        return Health(live=True, ready=not reasons, reasons=reasons)

    @routes.get("/health/live", status_code=204, responses={421: PROBLEMS[421]})
    async def live() -> None:
        """The process answers."""

    return routes


def metrics_routes(service: Service) -> APIRouter:
    """`/metrics`."""
    routes = APIRouter(tags=["health"], responses={401: PROBLEMS[401], 421: PROBLEMS[421]})

    @routes.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Counters and histograms in Prometheus' format."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return routes
