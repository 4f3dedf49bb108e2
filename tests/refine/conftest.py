"""The shop whose answers are changed."""

from pathlib import Path

import duckdb
import pytest

from microgt.graph import Linker
from microgt.schema.types import Schema
from tests.product.scripted import make_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Schema and linker of the shop, whose orders have a type and a day of delivery."""
    path: Path = make_shop(tmp_path_factory.mktemp("shop") / "shop.duckdb")
    with duckdb.connect(path) as db:
        db.execute("ALTER TABLE orders ADD COLUMN type VARCHAR")
        db.execute("UPDATE orders SET type = CASE WHEN id = 1 THEN 'refund' ELSE 'sale' END")
        db.execute("ALTER TABLE customers ADD COLUMN joined DATE")
    schema = Schema.from_duckdb(path)
    return schema, Linker(schema)
