"""A shop to make products of."""

import json

import pytest

from tests.products.orders import BY_MONTH, BY_REGION, ORDERS


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A folder with orders.csv and specs, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "region.json").write_text(json.dumps(BY_REGION))
    (tmp_path / "month.json").write_text(json.dumps(BY_MONTH))
    return tmp_path
