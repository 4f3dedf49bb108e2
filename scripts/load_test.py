"""Asks `microgt serve` from several clients at once: throughput, latency, and whether every request got its own answer. Writes a table.

usage: python scripts/load_test.py CHECKPOINT [--requests N] [--clients N [N ...]] [--workers N] [--queue N] [--beam N] [--out FILE]

Serves the embedded databases and asks their hand-written validation questions in turn, N requests for each number of clients and no more.
The server logs its questions as always, in a folder that is deleted afterwards.
A client that is told 503 waits as it is told and asks again; that time counts. Exit status 1 when a request is lost, or answered otherwise
than the same question asked alone. Times depend on the machine and on what else it does: compare the rows of one table.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from microgt.commit import git_hash
from microgt.data.demo.build import build_database
from microgt.data.demo.source import DemoSource
from microgt.files import write_text

PATIENCE = 600.0  # seconds: for the server to start, and for one request with all its repetitions
PERCENTILES = (50, 90, 99)
TOKENS = ("MICROGT_TOKEN", "MICROGT_TOKENS")  # this server asks for none
STAGES = ("wait", "graph", "model", "run")


@dataclass(frozen=True)
class Reply:
    """seconds: from the first try to the answer. refused: how often it was told 503 before. answer: what must be the same each time."""

    question: int
    seconds: float
    refused: int
    status: int
    answer: str
    stages: dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--queue", type=int, default=8)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("reports/serving.md"))
    args = parser.parse_args()
    examples = DemoSource().examples("validation")
    bodies = [{"question": e.question, "db": build_database(e.db).stem, "beam": args.beam} for e in examples]
    paths = sorted({build_database(e.db) for e in examples})
    command = ["--workers", str(args.workers), "--queue", str(args.queue), "--timeout", str(PATIENCE)]
    with _server([*map(str, paths), "--checkpoint", str(args.checkpoint), *command]) as url:
        asyncio.run(_ask_all(url, bodies[:1], 1, 1))  # warms imports
        alone = asyncio.run(_ask_all(url, bodies, min(args.requests, len(bodies)), 1))
        rounds = [(clients, *_timed(url, bodies, args.requests, clients)) for clients in args.clients]
    expected = {reply.question: reply.answer for reply in alone}
    wrong = [_wrong(replies, expected, args.requests) for _, _, replies in rounds]
    text = _report(args, rounds, wrong, len(bodies))
    print(text)
    print(write_text(args.out, text))
    return 1 if any(map(any, wrong)) else 0


@contextmanager
def _server(arguments: Sequence[str]) -> Iterator[str]:
    """The address of a server on a free port."""
    with tempfile.TemporaryFile("w+") as log, tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "microgt.cli.main", "serve", *arguments, "--port", "0"]
        environment = {name: value for name, value in os.environ.items() if name not in TOKENS} | {"MICROGT_HOME": home}
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=environment)
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Any) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        log.seek(0)
        found = re.search(r"running on (http://\S+)", log.read())
        if found:
            return found[1]
        time.sleep(0.2)
    log.seek(0)
    raise SystemExit(f"the server did not start:\n{log.read()}")


def _timed(url: str, bodies: Sequence[dict[str, Any]], requests: int, clients: int) -> tuple[float, list[Reply]]:
    begin = time.monotonic()
    replies = asyncio.run(_ask_all(url, bodies, requests, clients))
    return time.monotonic() - begin, replies


async def _ask_all(url: str, bodies: Sequence[dict[str, Any]], requests: int, clients: int) -> list[Reply]:
    """Each client takes the next request when it has its answer."""
    numbers, replies = itertools.islice(itertools.cycle(range(len(bodies))), requests), []

    async def client() -> None:
        for number in numbers:
            replies.append(await _ask(http, number, bodies[number]))

    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
        await asyncio.gather(*(client() for _ in range(clients)))
    return replies


async def _ask(http: httpx.AsyncClient, number: int, body: dict[str, Any]) -> Reply:
    begin, refused = time.monotonic(), 0
    reply = await http.post("/ask", json=body)
    while reply.status_code == 503 and time.monotonic() - begin < PATIENCE:
        refused += 1
        await asyncio.sleep(float(reply.headers["Retry-After"]))
        reply = await http.post("/ask", json=body)
    found = reply.json()
    answer = json.dumps([found.get(part) for part in ("code", "question", "db", "intent", "spec", "rows")])
    return Reply(number, time.monotonic() - begin, refused, reply.status_code, answer, found.get("seconds", {}))


def _wrong(replies: Sequence[Reply], expected: dict[int, str], requests: int) -> tuple[int, int]:
    """How many requests have no answer, and how many another than when asked alone."""
    answered = [reply for reply in replies if reply.status == 200]
    return requests - len(answered), sum(reply.answer != expected.get(reply.question, reply.answer) for reply in answered)


def _report(
    args: argparse.Namespace, rounds: Sequence[tuple[int, float, list[Reply]]], wrong: Sequence[tuple[int, int]], count: int
) -> str:
    first = args.requests / rounds[0][1]
    lines = [
        "# Answers over HTTP under load",
        "",
        f"`python scripts/load_test.py {args.checkpoint} --requests {args.requests} --clients {' '.join(map(str, args.clients))} "
        f"--workers {args.workers} --queue {args.queue} --beam {args.beam}`",
        "",
        f"{args.requests} requests a row, the {count} hand-written validation questions in turn. Refused: told 503 and asked again. Lost:",
        "without an answer. Mixed up: another answer than when asked alone. Times in ms, from the first try to the answer; stages as the",
        "server says, on average. Cores were shared with other work: compare rows, not machines.",
        "",
        f"| clients | lost | mixed up | refused | a second | of {rounds[0][0]} | " + " | ".join(f"{p}%" for p in PERCENTILES) + " | most | "
        f"{' | '.join(STAGES)} |",
        "|--:" * (7 + len(PERCENTILES) + len(STAGES)) + "|",
    ]
    for (clients, seconds, replies), (lost, mixed) in zip(rounds, wrong, strict=True):
        times = [1000 * reply.seconds for reply in replies]
        shares = [f"{value:,.0f}" for value in (*np.percentile(times, PERCENTILES), max(times))]
        stages = [f"{1000 * statistics.fmean(reply.stages.get(stage, 0.0) for reply in replies):,.0f}" for stage in STAGES]
        rate = args.requests / seconds
        cells = (clients, lost, mixed, sum(r.refused for r in replies), f"{rate:.1f}", f"{rate / first:.2f}", *shares, *stages)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    packages = ", ".join(f"{name} {version(name)}" for name in ("fastapi", "uvicorn", "torch", "onnxruntime", "duckdb"))
    lines += ["", f"microgt {git_hash() or 'without git'}, Python {platform.python_version()}, {packages}.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
