import pytest

from microgt.evaluation.kinds import REMEDIES, Kind, count_kinds, kind_of
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.results import Item, SlotCount


def _item(outcome=Outcome.WRONG, **said):
    return Item(id="one", db="db", category=None, question="?", outcome=outcome, **{"valid": True, "executable": True} | said)


def _slots(**counts):
    return {name: SlotCount(both=both, gold=gold, predicted=predicted) for name, (both, gold, predicted) in counts.items()}


SAME = (2, 2, 2)
CASES = [
    (Kind.NO_SPEC, {"set_match": False, "set_differs": ("no spec",), "valid": False}),
    (Kind.NOTHING, {"valid": False, "executable": False, "outcome": Outcome.INVALID_SPEC}),
    (Kind.FAILED, {"executable": False, "outcome": Outcome.TIMEOUT}),
    (Kind.SAME_SPEC, {"exact_match": True, "set_match": True}),
    (Kind.VALUE, {"exact_match": False, "set_match": True, "slots": _slots(filter=(0, 1, 1))}),
    (Kind.TABLES, {"slots": _slots(path=(1, 1, 2), measure=SAME, chart=(0, 1, 1))}),
    (Kind.CONDITION, {"slots": _slots(path=SAME, filter=(0, 1, 1))}),
    (Kind.SHOWN, {"slots": _slots(measure=(0, 1, 1), path=SAME)}),
    (Kind.SHOWN, {"slots": _slots(measure=(0, 1, 0), dimension=(0, 0, 1))}),
    (Kind.ORDER, {"slots": _slots(sort=(0, 2, 1))}),
    (Kind.TIME, {"slots": _slots(window=(0, 1, 0))}),
    (Kind.TWO, {"slots": _slots(path=(1, 2, 1), filter=(0, 1, 1))}),
    (Kind.MORE, {"slots": _slots(path=(1, 2, 1), filter=(0, 1, 1), sort=(0, 1, 0))}),
    (Kind.MORE, {"slots": None}),
]


@pytest.mark.parametrize(("kind", "said"), CASES)
def test_each_answer_is_of_the_first_kind_that_fits(kind, said):
    assert kind_of(_item(**said)) is kind


def test_every_kind_occurs_and_has_a_remedy():
    assert {kind for kind, _ in CASES} == set(Kind) == set(REMEDIES)


def test_kinds_are_counted():
    assert count_kinds([_item(valid=False), _item(valid=False), _item(executable=False)]) == {Kind.NOTHING: 2, Kind.FAILED: 1}
