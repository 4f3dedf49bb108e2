"""From items to figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import TypeVar

import numpy as np

from microgt.evaluation.difficulty import Difficulty
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.power import detectable
from microgt.evaluation.results import Item, Latency, Rate, Selective, SlotCount, SlotScore, Summary
from microgt.evaluation.selective import selective
from microgt.evaluation.slots import Slot
from microgt.evaluation.statistics import cluster_bootstrap, wilson

NO_CATEGORY = "(none)"
ALL_SLOTS = "all"

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
    return Summary(
        accuracy=_accuracy(items),
        original=_original(items),
        clustered=cluster_bootstrap(right, [item.db for item in items]),
        accuracy_all=rate(sum(right), len(items) + excluded) if excluded else None,
        outcomes={outcome: counts[outcome] for outcome in Outcome},
        valid_spec=_share([item.valid for item in items]),
        executable=_share([item.executable for item in items]),
        exact_match=_share([item.exact_match for item in items]),
        set_match=_share([item.set_match for item in items]),
        chart_match=_share([item.chart_match for item in items]),
        value_recall=fmean(recalls) if recalls else None,
        slots=_slots(items),
        answered=_share([not item.abstained for item in items]),
        right_if_answered=_accuracy([item for item in items if not item.abstained]),
        selective=_selective(items),
        seen=_accuracy([item for item in items if item.seen is True]),
        unseen=_accuracy([item for item in items if item.seen is False]),
        by_category=_by(items, lambda item: item.category),
        by_difficulty=_by_difficulty(items),
        by_database=_by(items, lambda item: item.db),
        latency=_latency([item.seconds for item in items if item.seconds is not None]),
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


def _original(items: Sequence[Item]) -> Rate | None:
    known = [item.original for item in items if item.original is not None]
    return rate(sum(outcome.right for outcome in known), len(known)) if known else None


def _slots(items: Sequence[Item]) -> dict[str, SlotScore]:
    """By slot, and over all of them; empty when no item has any."""
    counted = [item.slots for item in items if item.slots is not None]
    found = {str(slot): _slot([counts[slot] for counts in counted if slot in counts]) for slot in Slot}
    if not any(score.items for score in found.values()):
        return {}
    everything = _slot([count for counts in counted for count in counts.values()])
    return {**found, ALL_SLOTS: everything.model_copy(update={"items": len(counted)})}


def _slot(counts: Sequence[SlotCount]) -> SlotScore:
    both, gold, predicted = (sum(getattr(count, name) for count in counts) for name in ("both", "gold", "predicted"))
    return SlotScore(
        precision=both / predicted if predicted else None,
        recall=both / gold if gold else None,
        f1=2 * both / (gold + predicted) if counts else None,
        items=len(counts),
    )


def _selective(items: Sequence[Item]) -> Selective | None:
    known = [(item.right, item.confidence) for item in items if item.confidence is not None]
    return selective([right for right, _ in known], [confidence for _, confidence in known])


def _latency(seconds: Sequence[float]) -> Latency | None:
    if not seconds:
        return None
    p50, p90, p99 = np.percentile(seconds, [50, 90, 99])
    return Latency(n=len(seconds), mean=fmean(seconds), p50=float(p50), p90=float(p90), p99=float(p99))


def _by_difficulty(items: Sequence[Item]) -> dict[str, Rate]:
    """From easy to hard; without those that have no query, empty when none has."""
    found = _by([item for item in items if item.difficulty], lambda item: item.difficulty)
    return {level: found[level] for level in map(str, Difficulty) if level in found}


def grouped(things: Iterable[T], name: Callable[[T], str | None]) -> dict[str, list[T]]:
    """The things by name, sorted by it; those without one under `NO_CATEGORY`."""
    groups: dict[str, list[T]] = {}
    for thing in things:
        groups.setdefault(name(thing) or NO_CATEGORY, []).append(thing)
    return {group: groups[group] for group in sorted(groups)}


def _by(items: Sequence[Item], name: Callable[[Item], str | None]) -> dict[str, Rate]:
    return {group: _accuracy(members) for group, members in grouped(items, name).items()}
