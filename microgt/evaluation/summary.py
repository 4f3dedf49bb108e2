"""From items to figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median
from typing import TypeVar

from microgt.evaluation.outcome import Outcome
from microgt.evaluation.power import detectable
from microgt.evaluation.results import Item, Rate, Summary
from microgt.evaluation.statistics import cluster_bootstrap, wilson

NO_CATEGORY = "(none)"

T = TypeVar("T")


def rate(k: int, n: int) -> Rate:
    """k of n with its interval and the smallest difference it can show."""
    low, high = wilson(k, n)
    return Rate(k=k, n=n, rate=k / n if n else None, low=low, high=high, detectable=detectable(n))


def summarize(items: Sequence[Item], excluded: int = 0) -> Summary:
    """The figures of items, in an order that depends only on them. excluded: how many questions were left out."""
    right = [item.right for item in items]
    counts = Counter(item.outcome for item in items)
    recalls = [item.value_recall for item in items if item.value_recall is not None]
    seconds = [item.seconds for item in items if item.seconds is not None]
    return Summary(
        accuracy=_accuracy(items),
        clustered=cluster_bootstrap(right, [item.db for item in items]),
        accuracy_all=rate(sum(right), len(items) + excluded) if excluded else None,
        outcomes={outcome: counts[outcome] for outcome in Outcome},
        valid_spec=_share([item.valid for item in items]),
        executable=_share([item.executable for item in items]),
        exact_match=_share([item.exact_match for item in items]),
        chart_match=_share([item.chart_match for item in items]),
        value_recall=fmean(recalls) if recalls else None,
        seen=_accuracy([item for item in items if item.seen is True]),
        unseen=_accuracy([item for item in items if item.seen is False]),
        by_category=_by(items, lambda item: item.category),
        by_database=_by(items, lambda item: item.db),
        seconds=median(seconds) if seconds else None,
    )


def exit_status(summary: Summary, fail_under: float | None) -> int:
    """1 when accuracy is below the bar or there was nothing to score, else 0. Without a bar always 0."""
    if fail_under is None:
        return 0
    return 0 if summary.accuracy.rate is not None and summary.accuracy.rate >= fail_under else 1


def _accuracy(items: Sequence[Item]) -> Rate:
    return rate(sum(item.right for item in items), len(items))


def _share(marks: Sequence[bool | None]) -> Rate:
    """How many are true among those that are known."""
    known = [mark for mark in marks if mark is not None]
    return rate(sum(known), len(known))


def grouped(things: Iterable[T], name: Callable[[T], str | None]) -> dict[str, list[T]]:
    """The things by name, sorted by it; those without one under `NO_CATEGORY`."""
    groups: dict[str, list[T]] = {}
    for thing in things:
        groups.setdefault(name(thing) or NO_CATEGORY, []).append(thing)
    return {group: groups[group] for group in sorted(groups)}


def _by(items: Sequence[Item], name: Callable[[Item], str | None]) -> dict[str, Rate]:
    return {group: _accuracy(members) for group, members in grouped(items, name).items()}
