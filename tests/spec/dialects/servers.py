"""Throw-away database servers, for the engines that are on the machine, and how the shop gets into them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

TRIES, PAUSE = 200, 0.1


def program(name: str, *folders: str) -> str:
    """The path of a program, in the folders too that a system keeps it in; without it the test is skipped."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *folders]))
    if not found:
        pytest.skip(f"there is no {name} on this machine")
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def serving(command: list[str], log: Path, user: str | None = None) -> Iterator[subprocess.Popen]:
    """A server that runs until the end of the block."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, user=user)
        try:
            yield server
        finally:
            server.terminate()
            server.wait()


def connected(connect: Callable[[], Any], server: subprocess.Popen, log: Path, error: type[Exception]) -> Any:
    """A connection, as soon as the server takes one."""
    for _ in range(TRIES):
        try:
            return connect()
        except error:
            assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")
            time.sleep(PAUSE)
    raise AssertionError(f"no connection: {log.read_text(encoding='utf-8', errors='replace')}")


def user_for(name: str, folder: Path) -> str | None:
    """Whom a server that refuses to run as root runs as; the folder becomes theirs."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, name)
    for parent in folder.parents[:3]:  # pytest's own, which only root may enter
        parent.chmod(0o755)
    return name


def fill(cursor: Any, tables: dict[str, tuple[dict[str, str], tuple]], types: dict[str, str], quote: str = '"') -> None:
    """Create the tables, with the engine's own names of types, and insert the rows."""
    for table, (columns, rows) in tables.items():
        declared = ", ".join(f"{quote}{column}{quote} {types.get(kind, kind)}" for column, kind in columns.items())
        cursor.execute(f"CREATE TABLE {quote}{table}{quote} ({declared})")
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {quote}{table}{quote} VALUES ({marks})", rows)
