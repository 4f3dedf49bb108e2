"""Whether names are words."""

import pytest

from microgt.graph.naming import is_coded
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.schema.words import words_of, words_of_table


def schema_of(table: str, *columns: str) -> Schema:
    found = tuple(Column(table, name, ColumnType.TEXT, words_of(name)) for name in columns)
    return Schema("shop", (Table(table, words_of_table(table), found),))


@pytest.mark.parametrize(
    ("table", "columns", "coded"),
    [
        ("customers", ("id", "first_name", "shippingAddress"), False),
        ("T_CUST", ("CUST_ID", "FRST_NM", "SHPG_ADDR"), True),
        ("orders", ("id", "order_date", "mrr", "gb"), False),
        ("kunden", ("nachname", "strasse", "name"), True),
        ("t1", ("c1", "c2"), True),  # nothing that could be looked up
        ("客户", ("编号", "姓名"), True),
    ],
)
def test_names_that_are_codes(table, columns, coded):
    assert is_coded(schema_of(table, *columns)) is coded
