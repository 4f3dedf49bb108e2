"""What must hold for the limit of a query block."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.errors import SpecError
from microgt.spec.compiler.mistakes import error_at, in_short
from microgt.spec.measures import ADDITIVE, is_additive
from microgt.spec.types import Limit, Node, Select
from microgt.spec.walk import group_keys, has_measure, is_grouped, merged_key, windows_of


def limit_errors(select: Select, limit: Limit, place: str) -> Iterator[SpecError]:
    """What is wrong with `per` and `other` of a block's limit, its references settled."""
    yield from _per_errors(select, limit, f"{place}/limit/per")
    if limit.other:
        yield from _other_errors(select, place)


def _per_errors(select: Select, limit: Limit, place: str) -> Iterator[SpecError]:
    """Groups are cut by their keys; plain rows by any column, different rows by what is shown."""
    if not is_grouped(select) and not select.distinct:
        return
    keys = group_keys(select) if is_grouped(select) else list(select.outputs)
    choices = [in_short(key) for key in keys]
    for i, key in enumerate(limit.per):
        if key not in keys:
            message = f"{in_short(key)} is no key of the groups; keys: {', '.join(choices) or 'none'}"
            yield error_at("E_WITHIN", f"{place}/{i}", message, in_short(key), choices)


def _other_errors(select: Select, place: str) -> Iterator[SpecError]:
    if merged_key(select) is None or not is_grouped(select):
        keys = [in_short(key) for key in group_keys(select) if select.limit and key not in select.limit.per]
        message = 'a row "Other" takes the place of groups by one key that is shown, besides `per`'
        yield error_at("E_OTHER", f"{place}/limit/other", message, keys, keys if len(keys) > 1 else ())
    elif windows := windows_of(select):
        message = 'there is no row "Other" beside windows: they cannot be added up'
        yield error_at("E_NON_ADDITIVE", f"{place}/limit/other", message, [in_short(w) for w in windows], ADDITIVE)
    else:
        yield from _sums_errors([(i, o) for i, o in enumerate(select.outputs) if has_measure(o)], place)


def _sums_errors(measures: list[tuple[int, Node]], place: str) -> Iterator[SpecError]:
    for i, measure in measures:
        if not is_additive(measure):
            message = 'the row "Other" adds up groups: only counts and sums can be, not averages, ratios or distinct counts'
            yield error_at("E_NON_ADDITIVE", f"{place}/outputs/{i}", message, in_short(measure), ADDITIVE)
