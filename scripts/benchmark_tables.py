"""The tables of a benchmark's report as markdown. No question and no query of the benchmark is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

from benchmark_runs import Run, on_original
from published import WITH_LANGUAGE_MODEL, WITHOUT_LANGUAGE_MODEL, Published

from microgt.evaluation.difficulty import Difficulty
from microgt.evaluation.kinds import REMEDIES, Kind, count_kinds
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.results import Item, Selective
from microgt.evaluation.selective import selective
from microgt.evaluation.spread import spread
from microgt.evaluation.table import percent

Mark = Callable[[Item], bool]


def matches(item: Item) -> bool:
    """Exact set match."""
    return bool(item.set_match)


def same_spec(item: Item) -> bool:
    """The same canonical spec; gold without one is matched by nothing."""
    return bool(item.exact_match)


def chart_and_data(item: Item) -> bool:
    """The chart of gold, with its data; a chart that no spec says is matched by nothing."""
    return on_original(item) and bool(item.chart_match)


def right(item: Item) -> bool:
    """On the variants too, where there are any."""
    return item.right


def runs_at_all(item: Item) -> bool:
    """Whether gold runs."""
    return item.outcome is not Outcome.GOLD_ERROR


# ------------------------------------------------------------------ figures


def row(name: str, runs: Sequence[Run], mark: Mark, of: Mark = lambda _: True) -> str:
    """Mean, deviation, interval, each seed. of: the questions that are looked at."""
    asked = [[item for item in run.items if of(item)] for run in runs]
    found = spread([[mark(item) for item in items] for items in asked], [item.db for item in asked[0]]) if asked else None
    if found is None:
        return f"| {name} | 0 | | | | |"
    deviation = "" if found.deviation is None else f"{100 * found.deviation:.1f}"
    interval = f"{percent(found.interval.low)} to {percent(found.interval.high)}"
    return f"| {name} | {found.n} | **{percent(found.mean)}** | {deviation} | {interval} | {', '.join(map(percent, found.rates))} |"


def figures(greedy: Sequence[Run], beam: Sequence[Run], variants: int, charts: bool) -> list[str]:
    """The headline."""
    lines = ["| | of | mean | deviation | 95% interval | each seed |", "|---|--:|--:|--:|---|---|"]
    for runs in (greedy, beam):
        if runs:
            lines += _figures(runs, runs[0].how, variants, charts)
    return lines


def _figures(runs: Sequence[Run], how: str, variants: int, charts: bool) -> Iterable[str]:
    written = [item for item in runs[0].items if item.set_match is not None]
    if written:
        yield row(f"exact set match, no values, {how}", runs, matches)
    yield row(f"same canonical spec, {how}", runs, same_spec)
    yield row(f"execution accuracy with values, {how}", runs, on_original)
    yield row(f"the same, of questions whose gold runs, {how}", runs, on_original, runs_at_all)
    if variants:
        yield row(f"execution accuracy on {variants} variants too, whose gold runs, {how}", runs, right, runs_at_all)
    if charts:
        yield row(f"chart and data both right, {how}", runs, chart_and_data)
    if written:
        yield row(f"both match and execution right, {how}", runs, lambda item: matches(item) and on_original(item))


def by_hardness(runs: Sequence[Run]) -> list[str]:
    """Spider's levels where they are known, else ours."""
    official = any(item.hardness for item in runs[0].items)
    level: Callable[[Item], str | None] = (lambda item: item.hardness) if official else (lambda item: item.difficulty)
    lines = ["| | of | exact set match | same spec | execution |", "|---|--:|--:|--:|--:|"]
    for name in Difficulty:
        asked = [[item for item in run.items if level(item) == name] for run in runs]
        if asked[0]:
            cells = [percent(fmean(fmean(mark(item) for item in items) for items in asked)) for mark in (matches, same_spec, on_original)]
            cells[0] = cells[0] if official else ""
            lines.append(f"| {name} | {len(asked[0])} | {' | '.join(cells)} |")
    return lines


def oracle(runs: Sequence[Run]) -> list[str]:
    """What the best choice in each beam would give."""
    lines = ["| | first reading | any reading |", "|---|--:|--:|"]
    n = len(runs[0].items)
    first = [fmean(sum(map(mark, run.items)) / n for run in runs) for mark in (matches, on_original)]
    among = [fmean(len(found) / n for found in side) for side in ([r.match_among for r in runs], [r.right_among for r in runs])]
    names = ("exact set match", "execution accuracy")
    return lines + [f"| {name} | {percent(one)} | {percent(any_)} |" for name, one, any_ in zip(names, first, among, strict=True)]


# ------------------------------------------------------------------ confidence and errors


def risk_and_coverage(runs: Sequence[Run]) -> list[str]:
    """What is right among the surest answers: means over the seeds."""
    found = [curve for run in runs if (curve := _selective(run))]
    if not found:
        return ["No prediction has a confidence."]
    lines = ["| answered | right | confidence from |", "|--:|--:|--:|"]
    for points in zip(*(curve.curve for curve in found), strict=True):
        coverage, accuracy = fmean(p.coverage for p in points), fmean(p.accuracy for p in points)
        lines.append(f"| {percent(coverage)} | {percent(accuracy)} | {fmean(p.confidence for p in points):.3f} |")
    known = [curve.auroc for curve in found if curve.auroc is not None]
    area = f"AUROC {fmean(known):.3f}, " if known else ""
    return [*lines, "", f"{area}area under the risk-coverage curve {fmean(curve.aurc for curve in found):.3f}."]


def _selective(run: Run) -> Selective | None:
    known = [(on_original(item), item.confidence) for item in run.items if item.confidence is not None]
    return selective([mark for mark, _ in known], [confidence for _, confidence in known])


def errors(runs: Sequence[Run]) -> list[str]:
    """By kind, and by the components of exact set match; means over the seeds."""
    asked = [[item for item in run.items if runs_at_all(item)] for run in runs]
    kinds = [count_kinds(item for item in items if not on_original(item)) for items in asked]
    total = fmean(counts.total() for counts in kinds)
    if not total:
        return ["None."]
    lines = [
        f"{total:.0f} of {len(asked[0])} answers are not right though gold runs; each is counted once, as the first kind that fits.",
        "",
    ]
    lines += ["| kind | count | share | what would mend it |", "|---|--:|--:|---|"]
    mean = {kind: fmean(counts[kind] for counts in kinds) for kind in Kind}
    for kind in sorted(mean, key=lambda kind: -mean[kind]):
        if mean[kind]:
            lines.append(f"| {kind} | {mean[kind]:.0f} | {percent(mean[kind] / total)} | {REMEDIES[kind]} |")
    return lines + components(runs)


def components(runs: Sequence[Run]) -> list[str]:
    """How often each component of exact set match differs; several may in one answer."""
    counts = sum((Counter(name for item in run.items for name in item.set_differs) for run in runs), Counter[str]())
    if not counts:
        return []
    lines = ["", "| component of exact set match | answers in which it differs |", "|---|--:|"]
    return lines + [f"| {name} | {n / len(runs):.0f} |" for name, n in counts.most_common()]


# ------------------------------------------------------------------ published figures


def comparison(ours: str, match: float, execution: float) -> list[str]:
    """Our mean among the published figures. ours: how it was trained."""
    lines = ["| system | setting | exact set match | execution | read in |", "|---|---|--:|--:|---|"]
    lines += [_published(one) for one in WITHOUT_LANGUAGE_MODEL]
    lines.append(f"| **microgt** | {ours} | **{100 * match:.1f}** | **{100 * execution:.1f}** | this report |")
    return lines + [_published(one) for one in WITH_LANGUAGE_MODEL]


def _published(one: Published) -> str:
    match, execution = ("" if value is None else f"{value:.1f}" for value in (one.match, one.execution))
    return f"| {one.system} | {one.setting} | {match} | {execution} | {one.source} |"
