"""A period beside the one before it, or beside the same of the year before."""

from __future__ import annotations

from microgt.data.generator.kinds.by_time import over_time
from microgt.data.generator.kinds.series import Series, perhaps_in_a_period, series
from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.spec.types import Delta, PercentChange, Prior, Value

_PERCENT = (
    "{g} over {g} growth of {m}", "{g}-over-{g} growth in {m}", "{g} on {g} change of {m} in percent", "growth of {m}{e}", "{m} growth{e}",
    "growth rate of {m}{e}", "percent change of {m}{e}", "percentage change in {m} from {g} to {g}", "relative change of {m}{e}",
    "by how many percent {m} grew or shrank{e}", "{m}{e}, growth in percent", "how fast does {m} grow{e}", "rate of change of {m}{e}",
    "{m}{e} as percent change on the previous {g}", "in percent, how {m} differs from the {g} before{e}", "{i} growth of {m}", "{m} {i} growth",
)  # fmt: skip
_DELTA = (
    "change in {m}{e}", "change of {m} from {g} to {g}", "{m}{e}, change against the previous {g}", "{m}{e} minus the previous {g}",
    "difference in {m} to the {g} before{e}", "increase or decrease of {m}{e}", "how much more or less {m} than the {g} before{e}",
    "{g} over {g} change in {m}", "{g} on {g} difference of {m}", "by how much {m} rose or fell{e}", "{m} gained or lost{e}",
    "absolute change of {m}{e}", "{g} to {g} difference in {m}",
)  # fmt: skip
_YEAR_PERCENT = (
    "year over year growth of {m}{e}", "year-over-year growth in {m}{e}", "yoy growth of {m}{e}", "{m} yoy{e}, in percent", "{m}{e}, growth on last year",
    "percent change of {m}{e} against the same {g} a year earlier", "{m} growth{e} versus the year before", "annual growth rate of {m}{e}",
    "{m}{e} compared with the same {g} of the previous year, in percent",
)  # fmt: skip
_YEAR_DELTA = (
    "change in {m}{e} against the same {g} a year earlier", "year over year change in {m}{e}", "yoy change of {m}{e}",
    "difference in {m}{e} to the same {g} of the previous year", "{m}{e} minus that of the same {g} last year",
)  # fmt: skip
_BESIDE = (
    "{m}{e} and that of the previous {g}", "{m}{e} next to the {g} before", "{m}{e} beside the value of the previous {g}",
    "{m}{e} together with the previous {g}", "{m}{e} with the {g} before for comparison",
)  # fmt: skip
_YEAR_BESIDE = (
    "{m}{e} and that of the same {g} a year earlier", "{m}{e} next to the same {g} of the previous year", "{m}{e} beside last year's",
    "{m}{e} compared with the same {g} the year before", "{m}{e} together with the year before",
)  # fmt: skip
_ALSO = {
    Delta: (" and its change", " and the change", " with the change from the {g} before"),
    PercentChange: (" and its growth", " and growth in percent"),
}
_INITIALS = {"month": "mom", "quarter": "qoq", "week": "wow", "year": "yoy", "day": "day over day"}


def changed(pieces: Pieces) -> Plan:
    """By how much a measure differs from that of the period before, in percent or not; or both measures."""
    rng, found = pieces.rng, series(pieces)
    if not found:
        return over_time(pieces)
    found = perhaps_in_a_period(pieces, found)
    by_year = found.grain in ("month", "quarter", "week") and rng.random() < 0.3
    made = rng.choice((PercentChange, PercentChange, Delta, Prior))
    node = made(of=found.measure.node, n=Value(value=1), unit="year" if by_year else found.grain)
    if made is Prior:
        return Plan(found.query(found.measure.node, node), _said(pieces, found, _YEAR_BESIDE if by_year else _BESIDE), "window")
    if not by_year and rng.random() < 0.2:
        text = found.measure.words + found.every + pick(rng, _ALSO[made], g=found.grain) + found.said
        return Plan(found.query(found.measure.node, node), text, "window")
    forms = (_YEAR_PERCENT if by_year else _PERCENT) if made is PercentChange else (_YEAR_DELTA if by_year else _DELTA)
    return Plan(found.query(node), _said(pieces, found, forms), "window", time=True, keys=1)


def _said(pieces: Pieces, found: Series, forms: tuple[str, ...]) -> str:
    words = {"m": found.measure.words, "e": found.every, "g": found.grain, "i": _INITIALS.get(found.grain, "")}
    return pick(pieces.rng, forms, **words) + found.said
