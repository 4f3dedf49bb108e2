"""Totals that grow from period to period, and averages over the last few."""

from __future__ import annotations

from typing import Any

from microgt.data.generator.kinds.by_time import over_time
from microgt.data.generator.kinds.series import Series, perhaps_in_a_period, series, unit_of
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Pieces, Plan
from microgt.spec.grains import resets_of
from microgt.spec.types import Absolute, Last, Moving, RunningTotal, Value

_SO_FAR = (
    "running total of {m}{e}", "running total of {m}{e}", "cumulative {m}{e}", "cumulative {m}{e}", "cumulated {m}{e}", "accumulated {m}{e}",
    "{m} accumulated{e}", "{m} so far{e}", "total to date of {m}{e}", "{m} up to and including each {g}", "how {m} adds up{e}",
    "{m}{e}, added up", "{m}{e} as a running total", "{m}{e}, cumulative", "{m} reached by the end of every {g}", "cumulative sum of {m}{e}",
)  # fmt: skip
_TO_DATE = (
    "{u} to date {m}{e}", "{m} {u} to date{e}", "{u}-to-date {m}{e}", "{m}{e}, {u} to date", "{m} since the start of the {u}{e}",
    "{m}{e}, added up since the beginning of each {u}", "cumulative {m}{e}, starting again every {u}", "running total of {m}{e} within each {u}",
    "{m} so far in the {u}{e}", "{i} {m}{e}", "{m} {i}{e}",
)  # fmt: skip
_BOTH = (
    "{m}{e} and the running total",
    "{m}{e} with its running total",
    "{m}{e} and cumulative",
    "{m}{e} together with what it adds up to",
)
_INITIALS = {"year": "ytd", "quarter": "qtd", "month": "mtd"}
_FINER: dict[Any, tuple[Any, ...]] = {"year": ("month", "month", "quarter", "day"), "quarter": ("month", "month", "day"), "month": ("day",)}

_MOVING = {
    "avg": (
        "{n}-{g} moving average of {m}", "{n} {g} moving average of {m}", "rolling {n} {g} average of {m}", "{n}-{g} rolling average of {m}",
        "moving average of {m} over {n} {g}s{e}", "{m}{e}, averaged over the last {n} {g}s", "{m}{e} smoothed over {n} {g}s",
        "average of the last {n} {g}s of {m}{e}", "{m}{e} as a {n} {g} moving average", "trailing {n}-{g} average of {m}",
    ),
    "sum": (
        "rolling {n} {g} total of {m}", "{n}-{g} rolling sum of {m}", "moving total of {m} over {n} {g}s{e}", "{m} of the last {n} {g}s{e}",
        "trailing {n} {g} total of {m}", "{m}{e}, added up over the last {n} {g}s",
    ),
    "max": ("{n}-{g} rolling maximum of {m}", "highest {m} of the last {n} {g}s{e}"),
    "min": ("{n}-{g} rolling minimum of {m}", "lowest {m} of the last {n} {g}s{e}"),
}  # fmt: skip


def running_total(pieces: Pieces) -> Plan:
    """From the first period on, or from the start of each year, quarter or month."""
    rng = pieces.rng
    reset: Any = rng.choice(("never", "never", "never", "year", "year", "quarter", "month"))
    found = series(pieces, additive=True, **({"grains": _FINER[reset]} if reset in _FINER else {}))
    if not found:
        return over_time(pieces)
    to_date = reset in _FINER
    found, reset = (perhaps_in_a_period(pieces, found), reset) if to_date else _from_the_start(pieces, found)
    m = found.measure
    total = RunningTotal(of=m.node, reset=reset)
    if not to_date and rng.random() < 0.2:
        text = pick(rng, _BOTH, m=m.words, e=found.every)
        return Plan(found.query(m.node, total), text + found.said, "window")
    forms = _TO_DATE if to_date else _SO_FAR
    text = pick(rng, forms, m=m.words, e=found.every, g=found.grain, u=reset, i=_INITIALS.get(reset, ""))
    return Plan(found.query(total), text + found.said, "window", time=True, keys=1)


def _from_the_start(pieces: Pieces, found: Series) -> tuple[Series, Any]:
    """A total that grows over all periods, or from the start of those that are asked for; with its `reset`.

    "The running total in 2025" starts in January 2025: it is the one that starts again every year, of which 2025 is shown. What has no such
    unit, as the last six months, is not asked for, but "since June" is: a condition that is no period leaves out what came before.
    """
    some, chance = pieces.filters.periods, pieces.rng.random()
    if found.unsaid and chance < 0.2:
        return found.only(some.since(found.date)), "never"
    if found.unsaid and chance < 0.5:
        within = some.within(found.date)
        unit = "" if isinstance(within.node.period, Last | Absolute) else unit_of(within.node.period)
        if unit in resets_of(found.grain):
            return found.only(within), unit
    return found, "never"


def moving(pieces: Pieces) -> Plan:
    """Over the last few periods."""
    rng, found = pieces.rng, series(pieces)
    if not found:
        return over_time(pieces)
    found = perhaps_in_a_period(pieces, found)
    agg: Any = rng.choices(("avg", "sum", "max", "min"), (6, 2, 0.5, 0.5))[0]
    n = rng.choice({"day": (7, 7, 14, 28, 30), "week": (4, 4, 8, 12), "year": (2, 3, 5)}.get(found.grain, (2, 3, 3, 3, 4, 6, 12)))
    m = found.measure
    text = pick(rng, _MOVING[agg], m=m.words, e=found.every, g=found.grain, n=small_number(rng, n))
    return Plan(found.query(Moving(agg=agg, of=m.node, periods=Value(value=n))), text + found.said, "window", time=True, keys=1)
