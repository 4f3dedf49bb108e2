"""Whether the service is there, and whether it can answer."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from microgt.serve.models import Health
from microgt.serve.service import Service


def health_routes(service: Service) -> APIRouter:
    """`/health` and `/health/live`."""
    routes = APIRouter(tags=["health"])

    @routes.get("/health", responses={503: {"model": Health, "description": "Not ready"}})
    async def health(response: Response) -> Health:
        """Live, and ready for questions."""
        reasons = await asyncio.to_thread(service.reasons)
        response.status_code = 503 if reasons else 200
        return Health(live=True, ready=not reasons, reasons=reasons)

    @routes.get("/health/live", status_code=204)
    async def live() -> None:
        """The process answers."""

    return routes
