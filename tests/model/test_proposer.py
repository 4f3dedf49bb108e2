"""What a predictor keeps between questions."""

from typing import Any

from microgt.model import proposer
from microgt.model.proposer import Proposer
from microgt.schema.types import Column, ColumnType, Schema, Table


class Reads(Proposer):
    """Has no model."""

    def __init__(self):
        super().__init__({})

    def read(self, graphs) -> Any:
        raise NotImplementedError


def schema(name: str) -> Schema:
    return Schema(name, (Table("t", ("t",), (Column("t", "a", ColumnType.NUMBER, ("a",)),)),))


def test_the_linkers_of_the_last_schemas_are_kept(monkeypatch):
    monkeypatch.setattr(proposer, "MOST_LINKERS", 2)
    kept = Reads()
    first, second, third = (schema(name) for name in "abc")
    linker = kept._linker(first)
    kept._linker(second)
    assert kept._linker(first) is linker
    kept._linker(third)
    assert [known for known, _ in kept._linkers.values()] == [first, third]
    assert kept.graph("a of t", second).tables == ("t",)
    assert [known for known, _ in kept._linkers.values()] == [third, second]
