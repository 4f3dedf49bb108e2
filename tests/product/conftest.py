"""What the tests of answers share."""

import pytest

from tests.product.scripted import make_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """The path of the shop."""
    return make_shop(tmp_path_factory.mktemp("shop") / "shop.duckdb")


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """No test reads schemas that another run has stored."""
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
