"""The report on sets of other makes: accuracy and its drop, whether confidence still means something, kinds of question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from microgt.evaluation.calibration import LEAST
from microgt.evaluation.question_kinds import KINDS, kinds_of
from microgt.evaluation.reliability import BINS, reliability
from microgt.evaluation.results import Results
from microgt.evaluation.selective import COVERAGES, selective
from microgt.evaluation.statistics import wilson
from microgt.spec import read_spec

_SHOWN = (20, 40, 60, 80)  # percent of the surest answers


@dataclass(frozen=True)
class Scored:
    """A set and its results. thresholds: below which it is not given, of each answer by its id; none where confidences are the model's own
    probabilities."""

    name: str
    results: Results
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def right(self) -> list[bool]:
        """Of the answers with a confidence."""
        return [i.right for i in self.results.items if i.confidence is not None]

    @property
    def sure(self) -> list[float]:
        """The confidences of the same answers."""
        return [i.confidence for i in self.results.items if i.confidence is not None]

    @property
    def given(self) -> list[bool]:
        """Of the answers that are sure enough to be given: right or not."""
        return [i.right for i in self.results.items if i.confidence is not None and i.confidence >= self.thresholds[i.id]]


def report(sets: Sequence[Scored]) -> str:
    """The text. A set is compared with the first before it that has some of its questions, else with the first of all."""
    surest = _calibrated(sets) if sets[0].thresholds else _surest(sets)
    text = ["# Beyond the benchmark", "", *_accuracy(sets), "", *surest, "", *_reliabilities(sets), ""]
    return "\n".join([*text, *_kinds(sets), ""])


def _accuracy(sets: Sequence[Scored]) -> list[str]:
    lines = [
        f"Drop, in points: against the first set with the same questions, on these; else of the whole, against {sets[0].name}.",
        "",
        "| set | questions | right | 95% interval | drop |",
        "|---|--:|--:|--:|--:|",
    ]
    for place, one in enumerate(sets):
        rights = _rights(one)
        low, high = wilson(sum(rights.values()), len(rights))
        drop = _mean(_before(rights, sets[:place]) or _rights(sets[0]).values()) - _mean(rights.values())
        lines.append(f"| {one.name} | {len(rights)} | {_mean(rights.values()):.1%} | {low:.1%} to {high:.1%} | {100 * drop:+.1f} |")
    return lines


def _rights(one: Scored) -> dict[str, bool]:
    return {i.id: i.right for i in one.results.items}


def _before(rights: Mapping[str, bool], earlier: Sequence[Scored]) -> list[bool]:
    """Of the questions that the first of the earlier sets with any of them has, which were right."""
    shared = ([was for id, was in _rights(one).items() if id in rights] for one in earlier)
    return next(filter(None, shared), [])


def _surest(sets: Sequence[Scored]) -> list[str]:
    head = " | ".join(f"surest {percent}%" for percent in _SHOWN)
    lines = [
        "## How sure the model is by its own probabilities",
        "",
        "Right among the surest answers; the error of calibration (ECE, ten bins); the area under risk and coverage (AURC, 0 is best).",
        "",
        f"| set | {head} | ECE | AURC |",
        "|---|" + "--:|" * (len(_SHOWN) + 2),
    ]
    for one in sets:
        lines.append(f"| {one.name} | {_curve(one.right, one.sure)} |")
    return lines


def _calibrated(sets: Sequence[Scored]) -> list[str]:
    head = " | ".join(f"surest {percent}%" for percent in _SHOWN)
    lines = [
        "## Calibrated confidences",
        "",
        f"Ranked and calibrated without what was learned on the database asked. The threshold ({_spoken(sets)}, by "
        "whether it is a chart and whether most names of the database are words) was chosen so that at least "
        f"{LEAST:.0%} of the answers given are right on each set it was learned with.",
        "",
        f"| set | answered | right if answered | {head} | ECE | AURC |",
        "|---|" + "--:|" * (len(_SHOWN) + 4),
    ]
    for one in sets:
        given = one.given
        answered = f"{len(given) / max(1, len(one.results.items)):.1%}"
        good = f"{_mean(given):.1%} ({sum(given)} of {len(given)})" if given else "–"
        lines.append(f"| {one.name} | {answered} | {good} | {_curve(one.right, one.sure)} |")
    return lines


def _reliabilities(sets: Sequence[Scored]) -> list[str]:
    """What is right of the answers with each confidence."""
    lines = [
        "## Reliability",
        "",
        "Right of the answers whose confidence lies between these: a calibrated one is right as often as it says.",
        "",
        f"| set | {' | '.join(f'{low / BINS:.1f} to {(low + 1) / BINS:.1f}' for low in range(BINS))} |",
        "|---|" + "--:|" * BINS,
    ]
    return lines + [f"| {one.name} | {' | '.join(_bins(one))} |" for one in sets]


def _bins(one: Scored) -> list[str]:
    measured = reliability(one.right, one.sure)
    found = {b.place: b for b in measured.bins} if measured else {}
    return [f"{found[i].accuracy:.0%} of {found[i].n}" if i in found else "–" for i in range(BINS)]


def _spoken(sets: Sequence[Scored]) -> str:
    return " or ".join(f"{t:.3f}" for t in sorted({t for one in sets for t in one.thresholds.values()}))


def _curve(right: Sequence[bool], sure: Sequence[float]) -> str:
    found, measured = selective(right, sure), reliability(right, sure)
    if found is None or measured is None:
        return " | ".join("–" for _ in range(len(_SHOWN) + 2))
    at = dict(zip(COVERAGES, found.curve, strict=True))
    return " | ".join([*(f"{at[p].accuracy:.1%}" for p in _SHOWN), f"{measured.error:.3f}", f"{found.aurc:.3f}"])


def _kinds(sets: Sequence[Scored]) -> list[str]:
    """By kind of gold, over the sets whose gold is written as specs and which have them."""
    shown = [s for s in sets if any(i.gold_spec for i in s.results.items)]
    tables = {s.name: _by_kind(s) for s in shown}
    names = [n for n in tables if len(tables[n]) > 3]
    lines = ["## By kind of question", "", f"| kind | {' | '.join(names)} |", "|---|" + "--:|" * len(names)]
    for kind in ("plain", *KINDS):
        cells = [tables[n].get(kind, []) for n in names]
        lines.append(f"| {kind} | " + " | ".join(f"{sum(c)} of {len(c)}" if c else "–" for c in cells) + " |")
    return lines if names else []


def _by_kind(one: Scored) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for item in one.results.items:
        if item.gold_spec:
            for kind in kinds_of(read_spec(item.gold_spec)) or ("plain",):
                found.setdefault(kind, []).append(item.right)
    return found


def _mean(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
