"""Build an embedded database once, into the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from microgt.data.demo import banking, flights, retail, subscriptions
from microgt.data.demo.load import Contents, write
from microgt.errors import DataError, did_you_mean
from microgt.paths import cache_dir

BUILDERS: dict[str, Callable[[], Contents]] = {
    "flights": flights.build,
    "retail": retail.build,
    "subscriptions": subscriptions.build,
    "banking": banking.build,
}


def build_database(name: str) -> Path:
    """The DuckDB file of an embedded database, built when the cache does not hold it. Raises `DataError` with the names there are."""
    if name not in BUILDERS:
        raise DataError(f"no embedded database {name!r}{did_you_mean(name, BUILDERS)}")
    path = cache_dir() / "demo" / _version() / f"{name}.duckdb"
    if not path.is_file():
        write(BUILDERS[name](), path)
    return path


def _version() -> str:
    """Changes when the code that makes the databases changes."""
    digest = hashlib.sha256()
    for module in ("banking", "chance", "flights", "load", "retail", "subscriptions"):
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    return digest.hexdigest()[:12]
