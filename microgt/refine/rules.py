"""What can be said, and the changes that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from microgt.refine import filters, groups, order, views
from microgt.refine.change import Change
from microgt.refine.patterns import Found, Slot, matches
from microgt.refine.periods import count, period, unit, units
from microgt.refine.said import Said
from microgt.refine.slots import aggregate, column, dimension, exclusion, grain, mark, number, rows, side, values
from microgt.spec.types import Col, NumberView, Rows, TableView

SLOTS: dict[str, Slot] = {
    "values": values,
    "excluded": exclusion,
    "period": period,
    "unit": unit,
    "units": units,
    "count": count,
    "number": number,
    "side": side,
    "column": column,
    "rows": rows,
    "dimension": dimension,
    "grain": grain,
    "mark": mark,
    "fn": aggregate,
}

Rule = tuple[str, Callable[[Found], Change]]


def _measure(f: Found, also: bool = False) -> Change:
    return groups.Measure(f["fn"], tuple(Col(column=c) for c in f["column"]), also)


def _count(f: Found, also: bool = False) -> Change:
    return groups.Measure("count", (Rows(table=f["rows"]),), also)


def _ahead(f: Found) -> Change:
    return views.Forecasting(f["count"], f["units"])


def _also_by(f: Found) -> Change:
    return groups.By(f["dimension"], also=True)


def _than(f: Found) -> Change:
    op, number = f["side"](f["number"])
    return filters.Than(op, number, f.get("column", ()))


_VIEWS: tuple[Rule, ...] = (
    ("as|in|into|to|with a|an? {mark} chart|graph|plot|charts?", lambda f: views.As(f["mark"])),
    ("a|an? {mark} chart|graph|plot?", lambda f: views.As(f["mark"])),
    ("as|in|into a|the? table|list|rows", lambda f: views.Plain(TableView())),
    ("a? table", lambda f: views.Plain(TableView())),
    ("as|into a|one single? number|figure", lambda f: views.Plain(NumberView())),
    ("forecast|predict|project|continue it? for? the? next|coming? {count} {units}", _ahead),
    ("forecast|predict|project it? for? the? next|coming? {unit}", lambda f: views.Forecasting(1, f["unit"])),
    ("with? a|the? forecast of|for? the? next? {count} {units}", _ahead),
    ("what will it|they|that be in|for? the? next|coming {count} {units}", _ahead),
    ("the? next|coming {count} {units}", _ahead),
    ("with? a? forecast|predict|project it?", lambda f: views.AskedHowFar()),
    ("without|drop|remove|no the|a? forecast", lambda f: views.NoForecast()),
)  # fmt: skip

_FILTERS: tuple[Rule, ...] = (
    ("only|just|for|in|from|of|with|at? the? {values} only|alone?", lambda f: filters.Only(f["values"])),
    ("only|just for|in|from|of|with|at the? {values}", lambda f: filters.Only(f["values"])),
    ("where|whose the? {values}", lambda f: filters.Only(f["values"])),
    ("add|include|plus {values} too|also?", lambda f: filters.Also(f["values"])),
    ("also|and for|in|from? the? {values} too|also?", lambda f: filters.Also(f["values"])),
    ("for|in? the? {values} too", lambda f: filters.Also(f["values"])),
    ("{excluded}", lambda f: filters.Without(f["excluded"])),
    ("only|just? in|for|during|of|over|within? {period} only|alone?", lambda f: filters.During(f["period"])),
    ("only|just? {column} in|during|within? {period}", lambda f: filters.During(f["period"], f["column"])),
    ("only|just? those|ones? with|having|where|whose? a|an|the? {column} is|was? {side} {number}", _than),
    ("only|just? those|ones|values? {side} {number}", _than),
    ("drop|remove|clear|without|no all|the|any? filter|filters|condition|conditions", lambda f: filters.NoFilter()),
    ("drop|remove|clear|without the? {column} filter", lambda f: filters.NoFilter(f["column"])),
    ("drop|remove|clear|without the? filter on|for|of the? {column}", lambda f: filters.NoFilter(f["column"])),
    ("for|in|from? all|every|any the? {column}", lambda f: filters.NoFilter(f["column"])),
    ("for|in|of|over? all time|times|years|dates|periods", lambda f: filters.NoFilter(periods=True)),
    ("drop|remove|clear|without|no the? period|dates|date|time filter?", lambda f: filters.NoFilter(periods=True)),
    ("everything", lambda f: filters.NoFilter()),
)  # fmt: skip

_GROUPS: tuple[Rule, ...] = (
    ("{grain}", lambda f: groups.By(f["grain"])),
    ("grouped|group? by|per|each|every {dimension}", lambda f: groups.By(f["dimension"])),
    ("for each|every {dimension}", lambda f: groups.By(f["dimension"])),
    ("also|additionally? split|broken|break|divided|colored|coloured it? down? by {dimension}", _also_by),
    ("also|additionally by|per {dimension}", _also_by),
    ("and by|per {dimension}", _also_by),
    ("by|per {dimension} too|also", _also_by),
    ("by|per {dimension} as well", _also_by),
    ("without|drop|remove|not by? the? {column}", lambda f: groups.Ungrouped(f["column"])),
    ("use|take|show? the|an? {fn1} instead? of|not|over? the? {fn2}", lambda f: groups.Instead(f["fn1"], f["fn2"])),
    ("the|an? {fn1} rather than the? {fn2}", lambda f: groups.Instead(f["fn1"], f["fn2"])),
    ("replace the? {fn1} with|by the? {fn2}", lambda f: groups.Instead(f["fn2"], f["fn1"])),
    ("use|take|as? the|an? {fn} instead?", lambda f: groups.Instead(f["fn"])),
    ("the? {fn} of? the? {column} instead", _measure),
    ("instead the? {fn} of? the? {column}", _measure),
    ("the? number|count of? the? {rows} instead", _count),
    ("add|also|plus the? {fn} of? the? {column}", lambda f: _measure(f, also=True)),
    ("add|also|plus the? number|count of? the? {rows}", lambda f: _count(f, also=True)),
    ("as|in a|the? share|shares|part|percentage|percentages|percent|% of? the? total|whole?", lambda f: groups.AsShare()),
)  # fmt: skip

_UP, _DOWN = "asc", "desc"
_ORDER: tuple[Rule, ...] = (
    ("only|just? the? top|best|largest|highest|biggest|greatest {count} only?", lambda f: order.Top(f["count"], _DOWN)),
    ("only|just? the? bottom|worst|smallest|lowest|least {count} only?", lambda f: order.Top(f["count"], _UP)),
    ("only|just? the? {count} largest|highest|biggest|best|greatest only?", lambda f: order.Top(f["count"], _DOWN)),
    ("only|just? the? {count} smallest|lowest|worst only?", lambda f: order.Top(f["count"], _UP)),
    ("only|just? the? first {count} rows|lines|of? them?", lambda f: order.Top(f["count"], None)),
    ("limit to|it? to? {count}", lambda f: order.Top(f["count"], None)),
    ("all of? them|rows", lambda f: order.AllRows()),
    ("drop|remove|without|no the|a? limit", lambda f: order.AllRows()),
    ("sort|sorted|order|ordered|in? descending|decreasing order?", lambda f: order.Sorted(_DOWN)),
    ("sort|sorted|order|ordered|in? ascending|increasing order?", lambda f: order.Sorted(_UP)),
    ("largest|highest|biggest|most|best first", lambda f: order.SortedBy("number", _DOWN)),
    ("smallest|lowest|least|worst first", lambda f: order.SortedBy("number", _UP)),
    ("newest|latest|most|last recent? first", lambda f: order.SortedBy("time", _DOWN)),
    ("oldest|earliest first", lambda f: order.SortedBy("time", _UP)),
    ("sort|sorted|order|ordered by {column} descending", lambda f: order.SortedBy("column", _DOWN, f["column"])),
    ("sort|sorted|order|ordered by {column} ascending?", lambda f: order.SortedBy("column", _UP, f["column"])),
    ("unsorted", lambda f: order.Unsorted()),
)  # fmt: skip

RULES = (*_VIEWS, *_FILTERS, *_GROUPS, *_ORDER)


def changes_at(said: Said, start: int) -> Iterator[tuple[int, Any]]:
    """(end, change) of all that can be said by the words from `start` on; of equally long readings the first rule's first."""
    found = [(end, rule(slots)) for pattern, rule in RULES for end, slots in matches(pattern, said, start, SLOTS)]
    yield from sorted(found, key=lambda pair: -pair[0])
