"""What happens, in numbers that Prometheus reads."""

from __future__ import annotations

from time import monotonic
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from microgt.serve.pool import Pool
from microgt.serve.stopwatch import Stopwatch

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # upper bounds of the histograms


class Metrics:
    """Counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        named: dict[str, Any] = {"namespace": "microgt", "registry": self._registry}
        self.requests = Counter("requests", "Requests by address and status", ("route", "status"), **named)
        self.seconds = Histogram("request_seconds", "From a request's first line to its answer", ("route",), buckets=_SECONDS, **named)
        self.in_flight = Gauge("in_flight", "Requests without an answer yet", **named)
        self.refused = Counter("refused", "Requests that got a problem for an answer, by its code", ("code",), **named)
        self._stages = Histogram("stage_seconds", "Stages of the work", ("pool", "stage"), buckets=_SECONDS, **named)
        self._waiting = Gauge("waiting", "Requests in the queue", ("pool",), **named)
        self._running = Gauge("running", "Requests that are worked on", ("pool",), **named)

    def watch(self, pool: Pool) -> None:
        """Show the pool's queue, and count the stages of its work."""
        self._waiting.labels(pool.name).set_function(lambda: pool.waiting)
        self._running.labels(pool.name).set_function(lambda: pool.running)

        def count(watch: Stopwatch) -> None:
            for stage, seconds in watch.seconds.items():
                self._stages.labels(pool.name, stage).observe(seconds)

        pool.on_end = count

    def text(self) -> bytes:
        """In Prometheus' format."""
        return generate_latest(self._registry)


class Measured:
    """Counts every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics):
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and look at what is sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics, begin, status = self._metrics, monotonic(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with metrics.in_flight.track_inprogress():
            try:
                await self._app(scope, receive, sent)
            finally:
                route = getattr(scope.get("route"), "path", "other")
                metrics.requests.labels(route, status).inc()
                metrics.seconds.labels(route).observe(monotonic() - begin)
                if "problem" in scope:
                    metrics.refused.labels(scope["problem"]).inc()
