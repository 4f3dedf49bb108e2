"""The HTTP server: uvicorn, which stops listening first and then waits for the answers that are due."""

from __future__ import annotations

import math

import uvicorn

from microgt.serve.app import create_app
from microgt.serve.service import Service

_GRACE = 5  # seconds for answers to be sent, after the time of the last request


def serve(service: Service, host: str, port: int) -> None:
    """Serve until a signal. What is in flight then is answered first."""
    app = create_app(service)
    app.openapi()  # takes most of a second, and is kept
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        timeout_graceful_shutdown=math.ceil(service.settings.seconds) + _GRACE,
    )
