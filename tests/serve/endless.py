"""A profile that does not end by itself."""

import os
from pathlib import Path

from microgt.engine.duckdb import DuckDBEngine, Limits
from microgt.files import write_text

PIDS = "MICROGT_TEST_PIDS"  # where it says what runs


def endless(path):
    """Write the ids of this process and of its worker, and ask something for hours."""
    with DuckDBEngine(path, Limits(seconds=10_000.0)) as engine:
        engine.run("SELECT 1")
        write_text(Path(os.environ[PIDS]), f"{os.getpid()} {engine.worker.pid}")
        engine.run("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b")
