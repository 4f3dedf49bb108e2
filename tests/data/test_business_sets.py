"""The companies of `data/business`: every gold runs and finds something."""

from pathlib import Path

import pytest

from microgt.data.folder import FolderSource
from microgt.schema.catalog import connect

ROOT = Path(__file__).parents[2] / "data" / "business"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield FolderSource(ROOT)


def test_their_splits(source):
    assert [(split, len(source.examples(split)), source.databases(split)) for split in source.splits] == [
        ("test", 230, ["delivery", "logistics", "transit"]),
        ("validation", 210, ["recruiting", "saas", "workshop"]),
    ]


def test_every_gold_finds_something(source):
    for split in source.splits:
        for example in source.examples(split):
            with connect(source.database(example.db)) as connection:
                rows = connection.execute(example.sql).fetchall()
                assert any(value is not None for row in rows for value in row), example.id
