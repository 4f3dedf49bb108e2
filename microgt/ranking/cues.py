"""What a question's words ask for, and whether a spec does it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from microgt.ranking.orders import orders
from microgt.spec.types import (
    Aggregate,
    Between,
    Chart,
    Compare,
    DatePart,
    Forecast,
    In,
    InPeriod,
    InQuery,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Ratio,
    Select,
    SetOperation,
    Share,
    Sort,
    Spec,
    TimeBucket,
    Window,
)
from microgt.spec.walk import group_keys, is_grouped, walk

# (name, words that ask for it); a spec has the trait of the same name or has not.
CUES: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for name, words in {
        "count": r"how many|number of|numbers of|count|counts",
        "average": r"average|mean|avg",
        "total": r"total|sum|combined|altogether|overall",
        "extreme": r"most|least|fewest|\w+est|maximum|minimum|max|min|top|bottom|first|last|best|worst",
        "group": r"each|every|per|by|respective|corresponding",
        "distinct": r"different|distinct|unique",
        "negation": r"not|no|never|without|except|excluding|\w+n't|neither|nor|none|nobody|other than|besides|outside|apart from|ignoring"
        r"|leav\w+ out|missing|unknown|lack(?:s|ing)?|unless|cannot",
        "either": r"or|either",
        "both": r"both|and also|as well as|also",
        "sort": r"order|ordered|sort|sorted|alphabetical|alphabetically|alphabetic|descending|ascending|rank|ranked|lexicographic"
        r"|in (?:asc|desc)|(?:asc|desc) order",
        "descending": r"descending|in desc|desc order|decreasing|latest|newest|most|highest|largest|biggest|reverse",
        "more": r"more than|over|above|at least|greater|higher|older|larger|longer|bigger|exceeds?|exceeding|after|since|or more",
        "less": r"less than|under|below|at most|fewer|lower|younger|smaller|shorter|before|or less",
        "between": r"between|from .* to|within",
        "text": r"contains?|containing|starts?|starting|begins?|beginning|ends?|ending|substring|includes?|including|letters?|word|like",
        "period": r"months?|monthly|years?|yearly|annual|weeks?|weekly|quarters?|quarterly|days?|daily|dates?",
        "share": r"percent|percentage|share|proportion|ratio|rate|fraction",
        "chart": r"chart|graph|plot|donut|pie|bars?|line|histogram|scatter|heat ?map|draw|visuali[sz]e",
    }.items()
}


def asked(question: str) -> set[str]:
    """The names of the cues in a question."""
    down, up, rest = orders(question)
    by_ends = {"sort": down or up, "descending": down}
    return {name for name, words in CUES.items() if by_ends.get(name) or words.search(rest)}


def done(spec: Spec) -> set[str]:
    """The names of the cues that a spec heeds."""
    return {name for _, node in walk(spec) for name in _traits(node)}


def _traits(node: Node) -> Iterator[str]:
    match node:
        case Aggregate(fn=fn):
            yield from {"count": ("count",), "count_distinct": ("count", "distinct"), "avg": ("average",), "sum": ("total",)}.get(
                fn, ("extreme",)
            )
        case Select():
            yield from _of_select(node)
        case SetOperation(op=op):
            yield {"union": "either", "union_all": "either", "intersect": "both", "except": "negation"}[op]
        case Sort(direction=direction):
            yield "sort"
            if direction == "desc":
                yield "descending"
        case Not() | IsNull() | Compare(op="ne"):
            yield "negation"
        case Or() | In():
            yield "either"
        case Compare(op="gt" | "ge"):
            yield "more"
        case Compare(op="lt" | "le"):
            yield "less"
        case Between():
            yield "between"
        case Like():
            yield "text"
        case TimeBucket() | DatePart() | InPeriod():
            yield "period"
        case Share() | Ratio():
            yield "share"
        case Chart() | Forecast():
            yield "chart"


def _of_select(select: Select) -> Iterator[str]:
    if select.distinct:
        yield "distinct"
    if is_grouped(select) and group_keys(select):
        yield "group"
    if select.limit:
        yield "extreme"


def nested(spec: Spec) -> int:
    """How many query blocks a spec has beyond the first."""
    return sum(isinstance(node, Select) for _, node in walk(spec)) - 1


def windows(spec: Spec) -> int:
    """How many windows."""
    return sum(isinstance(node, Window) for _, node in walk(spec))


def subqueries(spec: Spec) -> int:
    """How many conditions compare with a query's values."""
    return sum(isinstance(node, InQuery) for _, node in walk(spec))
