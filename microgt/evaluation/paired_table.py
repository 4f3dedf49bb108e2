"""Two runs side by side in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from microgt.evaluation.paired import Answer, Change, Paired, RunComparison
from microgt.evaluation.summary import NO_CATEGORY
from microgt.evaluation.table import MANY, one_line, percent, points

LEGEND = """\
p: exact McNemar test of its row alone; detectable: the gain that would be found 4 times out of 5; gains in points"""
FEW = 20  # databases: the interval that draws from fewer is too narrow
SHOWN = 10  # changed answers of each kind


def comparison_table(found: RunComparison, shown: int = SHOWN) -> RenderableType:
    """The verdict, figures in all, by category and by database (at most 25 of each), then `shown` answers lost and won."""
    return Group(
        Text(verdict(found.overall)),
        *(Text(note, style="yellow") for note in notes(found)),
        figures([{"all": found.overall}, found.by_category, found.by_database]),
        Text(LEGEND),
        *_changes("lost", found.lost, shown),
        *_changes("won", found.won, shown),
    )


def verdict(both: Paired) -> str:
    """One sentence: which run is better, or how large a difference could have been missed."""
    counts = f"{both.won} won and {both.lost} lost of {both.first.n} questions, McNemar p = {p_value(both.p)}"
    if both.interval:
        counts += f", 95% interval drawing databases {points(both.interval.low)} to {points(both.interval.high)}"
    if both.differs:
        return f"The second run is {'worse' if both.worse else 'better'}: {points(both.gain)} points ({counts}; significant at 0.05)."
    least = (
        f"would show a gain of {points(both.detectable)} points four times out of five" if both.detectable else "can show no gain at all"
    )
    return f"No difference is shown: {points(both.gain)} points ({counts}). This set {least}."


def p_value(p: float) -> str:
    """`0.031`; small ones as a bound."""
    return f"{p:.3f}" if p >= 0.001 else "less than 0.001"


def notes(found: RunComparison) -> Iterable[str]:
    """What a reader must know before the figures."""
    if found.left_out:
        yield f"{len(found.left_out)} questions are in one file only and were left out."
    if 1 < len(found.by_database) < FEW:
        yield f"The interval drawing databases is too narrow with {len(found.by_database)} of them; go by p."
    if found.other_gold:
        yield f"The gold of {len(found.other_gold)} questions is not the same in both files: {', '.join(found.other_gold[:5])}."


def figures(sections: Sequence[Mapping[str, Paired]], first: str = "first", second: str = "second") -> Table:
    """A row for each pair of figures, at most 25 a section. first, second: what the two runs are called."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for name in ("", "of", first, second, "gain", "won", "lost", "p", "detectable"):
        table.add_column(name, justify="right" if name else "left", no_wrap=bool(name))
    for section in sections:
        for name, both in list(section.items())[:MANY] if set(section) != {NO_CATEGORY} else ():
            table.add_row(Text(name), *_row(both))
        table.add_section()
    return table


def _row(both: Paired) -> list[str]:
    return [
        str(both.first.n),
        percent(both.first.rate),
        percent(both.second.rate),
        points(both.gain),
        str(both.won),
        str(both.lost),
        p_value(both.p).replace("less than ", "<"),
        points(both.detectable) if both.detectable else "none",
    ]


def _changes(name: str, changes: Sequence[Change], shown: int) -> Iterable[Text]:
    if changes:
        yield Text(f"{name}: {len(changes)}" + (f", the first {shown}" if len(changes) > shown else ""), style="bold")
    for change in changes[:shown]:
        yield Text(f"  {change.id} ({change.db}): {change.question}")
        yield Text(f"    first:  {_said(change.first)}")
        yield Text(f"    second: {_said(change.second)}")


def _said(answer: Answer) -> str:
    why = f" ({answer.reason or one_line(answer.error)})" if answer.reason or answer.error else ""
    return f"{answer.outcome}{why}: {one_line(answer.sql)}"
