"""Wrong answers sorted into kinds by what differs from gold, each into one, with what would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from microgt.evaluation.results import Item, SlotCount
from microgt.evaluation.slots import Slot


class Kind(StrEnum):
    """Of a wrong answer; the first that fits."""

    NO_SPEC = "gold has no spec"
    NOTHING = "no reading that the checker accepts"
    FAILED = "does not run in time"
    SAME_SPEC = "the same spec as gold"
    VALUE = "only another value"
    TABLES = "only other tables or keys"
    CONDITION = "only other conditions"
    SHOWN = "only other outputs"
    ORDER = "only another order or limit"
    TIME = "only other time or windows"
    TWO = "two parts differ"
    MORE = "more parts differ"


REMEDIES = {
    Kind.NO_SPEC: "more of SQL in the grammar: cross joins, self-joins without a key, correlated queries",
    Kind.NOTHING: "a wider beam, or the checker's rules in the mask of the decoder",
    Kind.FAILED: "executing readings before one is chosen",
    Kind.SAME_SPEC: "nothing of the model: the compiler, the importer or the gold is at fault",
    Kind.VALUE: "better links between words and cells, values scored by execution",
    Kind.TABLES: "names of keys as outputs of the decoder, a reranker that sees the joins",
    Kind.CONDITION: "links to cells and columns, operators in the synthetic questions",
    Kind.SHOWN: "names understood by meaning: synonyms, static vectors, more rewordings",
    Kind.ORDER: "superlatives and implicit columns in the synthetic questions",
    Kind.TIME: "questions about dates and windows in training",
    Kind.TWO: "a reranker over the beam",
    Kind.MORE: "more training questions of this shape",
}

_ALONE = {
    Slot.PATH: Kind.TABLES,
    Slot.FILTER: Kind.CONDITION,
    Slot.MEASURE: Kind.SHOWN,
    Slot.DIMENSION: Kind.SHOWN,
    Slot.SORT: Kind.ORDER,
    Slot.TIME: Kind.TIME,
    Slot.WINDOW: Kind.TIME,
}


def kind_of(item: Item) -> Kind:
    """The kind of an answer that is not right."""
    if item.set_differs == ("no spec",):
        return Kind.NO_SPEC
    if item.valid is False:
        return Kind.NOTHING
    if not item.executable:
        return Kind.FAILED
    if item.exact_match:
        return Kind.SAME_SPEC
    if item.set_match:
        return Kind.VALUE
    differ = differing_slots(item)
    if {Slot.MEASURE, Slot.DIMENSION} == set(differ):
        return Kind.SHOWN
    if len(differ) == 1:
        return _ALONE[differ[0]]
    return Kind.TWO if len(differ) == 2 else Kind.MORE


def differing_slots(item: Item) -> list[Slot]:
    """The slots of which gold and prediction do not have the same parts; charts are left out. Empty when gold or prediction has none."""
    return [slot for slot in Slot if slot in _ALONE and (count := (item.slots or {}).get(str(slot))) and not _same(count)]


def _same(count: SlotCount) -> bool:
    return count.both == count.gold == count.predicted


def count_kinds(wrong: Iterable[Item]) -> Counter[Kind]:
    """Of answers that are not right."""
    return Counter(map(kind_of, wrong))
