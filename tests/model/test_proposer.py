"""What a predictor keeps between questions."""

from typing import Any

from microgt.model import proposer
from microgt.model.proposer import Proposer
from microgt.model.steps import Hypothesis
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec.grammar import Action, ActionKind
from microgt.spec.json import read_spec


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


class Beams(Reads):
    """Finds what it is given for each width."""

    def __init__(self, by_width, beam=2):
        super().__init__()
        self.by_width, self.beam, self.asked = by_width, beam, []

    def _search(self, graph, beam):
        self.asked.append(beam)
        return [Hypothesis((Action(ActionKind.RULE, 0),), -float(i), spec) for i, spec in enumerate(self.by_width[beam])]


def spec(column: str):
    return read_spec({"kind": "answer", "query": {"kind": "select", "outputs": [{"kind": "col", "column": f"t.{column}"}]}})


def answers(by_width):
    beams = Beams(by_width)
    return [c.spec for c in beams.predict("a of t", schema("s"))], beams.asked


def test_a_beam_is_searched_wider_where_the_checker_refuses_all_that_it_holds():
    right, wrong, other = spec("a"), spec("b"), spec("c")
    assert answers({2: [right, wrong]}) == ([right, wrong], [2])
    assert answers({2: [wrong, right]}) == ([wrong, right], [2])
    assert answers({2: [wrong, other], 8: [wrong, other, right, wrong, right, right]}) == ([right, right], [2, 8])
    assert answers({2: [wrong, other], 8: [wrong, other, wrong]}) == ([wrong, other], [2, 8])
