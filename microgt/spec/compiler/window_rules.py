"""What must hold for a window."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.errors import CompileError, SpecError
from microgt.spec.compiler.mistakes import error_at, in_short
from microgt.spec.grains import counts_in, resets_of
from microgt.spec.measures import ADDITIVE, PUT_TOGETHER, can_be_put_together, is_additive
from microgt.spec.types import (
    Delta,
    Moving,
    Node,
    Overall,
    PercentChange,
    Prior,
    Rank,
    RunningTotal,
    Share,
    TimeBucket,
    TimeWindow,
    Value,
    Window,
)
from microgt.spec.walk import has_measure

_MEASURES = ("aggregate", "percentile", "ratio", "window")


def window_errors(window: Window, place: str, keys: tuple[Node, ...]) -> Iterator[SpecError]:
    """What is wrong with a window, its references settled, in a block that is grouped by `keys`."""
    if not has_measure(window.of):
        message = f"{window.kind} is of a measure: an aggregate, a ratio, or another window"
        yield error_at("E_MEASURE", f"{place}/of", message, in_short(window.of), _MEASURES)
    elif _adds_up(window) and not is_additive(window.of):
        message = f"{window.kind} adds up the groups: only counts and sums can be, not averages, ratios, distinct counts or other windows"
        yield error_at("E_NON_ADDITIVE", f"{place}/of", message, in_short(window.of), ADDITIVE)
    elif isinstance(window, Overall) and not can_be_put_together(window.of):
        message = "overall puts the groups together: not medians, percentiles, distinct counts or other windows"
        yield error_at("E_NON_ADDITIVE", f"{place}/of", message, in_short(window.of), PUT_TOGETHER)
    if isinstance(window, TimeWindow):
        yield from _time_errors(window, place, [k for k in keys if isinstance(k, TimeBucket)])
    else:
        yield from _within_errors(window, place, keys)


def _adds_up(window: Window) -> bool:
    return isinstance(window, RunningTotal | Share) or (isinstance(window, Moving) and window.agg == "sum")


def _time_errors(window: TimeWindow, place: str, buckets: list[TimeBucket]) -> Iterator[SpecError]:
    if len(buckets) != 1:
        message = f"{window.kind} runs over the periods of one time bucket among the keys, and there are {len(buckets) or 'none'}"
        yield error_at("E_WINDOW_NEEDS_TIME", place, message, len(buckets), [in_short(bucket) for bucket in buckets])
        return
    grain = buckets[0].grain
    match window:
        case RunningTotal(reset=str(unit)) if unit != "never" and unit not in resets_of(grain):
            yield _unit_error(f"{place}/reset", f"a {unit} does not start anew between {grain}s", unit, ("never", *resets_of(grain)))
        case Moving():
            yield from size_errors(window.periods, f"{place}/periods")
        case Prior() | Delta() | PercentChange():
            yield from size_errors(window.n, f"{place}/n")
            if window.unit not in counts_in(grain):
                message = f"a {window.unit} has no fixed number of {grain}s"
                yield _unit_error(f"{place}/unit", message, window.unit, tuple(counts_in(grain)))


def _unit_error(place: str, message: str, unit: str, choices: tuple[str, ...]) -> CompileError:
    return error_at("E_WINDOW_UNIT", place, f"{message}; choices: {', '.join(choices)}", unit, choices)


def size_errors(value: Value, place: str) -> Iterator[SpecError]:
    """E_WINDOW_SIZE for what is no whole number from 1 on."""
    if isinstance(value.value, bool) or not isinstance(value.value, int) or value.value < 1:
        yield error_at("E_WINDOW_SIZE", place, f"a window needs a whole number from 1 on, not {value.value!r}", value.value)


def _within_errors(window: Share | Rank | Overall, place: str, keys: tuple[Node, ...]) -> Iterator[SpecError]:
    for i, key in enumerate(window.within):
        if key not in keys:
            choices = [in_short(k) for k in keys]
            message = f"{in_short(key)} is no key of the groups; keys: {', '.join(choices) or 'none'}"
            yield error_at("E_WITHIN", f"{place}/within/{i}", message, in_short(key), choices)
