"""The HTTP server: uvicorn, which stops listening first and then waits for the answers that are due."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from microgt.serve.app import create_app
from microgt.serve.ask_desk import Model
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


def models_of(checkpoint: Path, *, allow: Sequence[str], threads: int) -> Callable[[], Model]:
    """Makes models that share the weights of a checkpoint. threads: that torch uses for each question. Raises `CheckpointError`."""
    import torch

    from microgt.model.checkpoint import read_checkpoint
    from microgt.model.predictor import Predictor

    torch.set_num_threads(threads)
    read = read_checkpoint(checkpoint, allow=allow)
    return lambda: Predictor(read)
