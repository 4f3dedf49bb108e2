"""The way from SQL to a spec and back, over the small database of `tests/spec`."""

import pytest

from microgt.spec.importer import import_sql
from microgt.spec.json import write_spec


@pytest.fixture(scope="session")
def imported(schema):
    """SQL -> the JSON of its query."""
    return lambda sql, **options: write_spec(import_sql(sql, schema, **options))["query"]
