"""A version of a product, read from its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyarrow.parquet import ParquetFile

from microgt.errors import DataError
from microgt.product.cells import plain
from microgt.products.contract import Contract
from microgt.products.make import CHART, CONTRACT, DATA, SPEC, SQL
from microgt.products.page import promises
from microgt.products.store import Store
from microgt.products.told import told
from microgt.serve.databases import Databases

SHOWN_ROWS = 200


def detail(store: Store, name: str, version: int | None, databases: Databases) -> dict[str, Any]:
    """All that a page shows of it. Raises `DataError`."""
    folder, manifest = store.version(name, version), store.manifest(name, version)
    try:
        table = ParquetFile(folder / DATA).read().slice(0, SHOWN_ROWS) if (folder / DATA).exists() else None
        contract = Contract.model_validate_json((folder / CONTRACT).read_bytes()) if (folder / CONTRACT).exists() else Contract(columns=())
        chart = json.loads((folder / CHART).read_bytes()) if (folder / CHART).exists() else None
        cells = [column.to_pylist() for column in table.columns] if table else []
        return {
            **told(store, name, version),
            "words": manifest["words"],
            "db": _served(manifest["source"]["path"], databases),
            "data_version": manifest["source"]["data_version"],
            "spec": json.loads((folder / SPEC).read_bytes()),
            "sql": (folder / SQL).read_text(encoding="utf-8"),
            "chart": chart,
            "chart_note": manifest.get("chart_note", ""),
            "columns": table.column_names if table else [],
            "written": manifest.get("written", []),
            "cells": [[plain(cell) for cell in row] for row in zip(*cells, strict=True)],
            "forecast": manifest.get("forecast"),
            "promised": promises(contract),
            "broken": manifest.get("broken", []),
            "canvas": manifest["canvas"],
            "value": manifest["value"],
        }
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder} cannot be read: {error}") from None


def _served(path: str, databases: Databases) -> str | None:
    return next((name for name, served in databases.paths.items() if served.resolve() == Path(path)), None)
