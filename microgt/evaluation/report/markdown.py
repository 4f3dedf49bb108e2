"""The figures of a run, and the answers that are not right, as markdown."""

from __future__ import annotations

from collections import Counter

from microgt.evaluation.paired import RunComparison
from microgt.evaluation.paired_table import notes, verdict
from microgt.evaluation.results import Item, Results
from microgt.evaluation.table import DETECTABLE, cells, lines, one_line, percent, rows

SHOWN = 20  # wrong items
_LONGEST = 1_000  # characters of one query or message
_FIGURES = ["| | right | of | share | 95% interval | detectable |", "|---|--:|--:|--:|--:|--:|"]


def markdown(results: Results, title: str, picture: str | None = None, against: RunComparison | None = None) -> str:
    """The report's text. picture: a file to show. against: how the run compares with an earlier one."""
    text = [f"# {title}", "", f"{_plain(results.data)} {results.split}; {_headline(results)}", ""]
    if against is not None:
        text += [f"First is an earlier run, second this one. {verdict(against.overall)}", "", *(f"{note}\n" for note in notes(against))]
    if picture:
        text += [f"![accuracy by category]({picture})", ""]
    text += _FIGURES
    for section in rows(results):
        text += [f"| {_plain(name)} | {' | '.join(cells(rate))} |" for name, rate in section]
    text += ["", *(f"{_plain(_upper(line))}.\n" for line in [*lines(results), DETECTABLE])]
    if results.excluded:
        reasons = Counter(item.reason for item in results.excluded)
        text += ["Excluded: " + "; ".join(f"{n} {reason}" for reason, n in reasons.most_common()) + ".", ""]
    return "\n".join([*text, *_not_right(results), *_made_by(results)])


def _not_right(results: Results) -> list[str]:
    wrong = [item for item in results.items if not item.right]
    if not wrong:
        return []
    head = f"## Not right ({min(len(wrong), SHOWN)} of {len(wrong)}; all in the JSON)"
    return [head, "", *(line for item in wrong[:SHOWN] for line in _wrong(item)), ""]


def _made_by(results: Results) -> list[str]:
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    made = f"microgt {results.microgt} ({results.git or 'no checkout'}), {versions}."
    return ["## Made by", "", made, f"Checkpoint: {results.checkpoint or 'none'}.", ""]


def _headline(results: Results) -> str:
    summary = results.summary
    text = f"execution accuracy **{percent(summary.accuracy.rate) or 'of nothing'}** ({summary.accuracy.k} of {summary.accuracy.n}; "
    text += f"95% interval {percent(summary.accuracy.low)} to {percent(summary.accuracy.high)}"
    if summary.clustered:
        text += f", drawing databases {percent(summary.clustered[0])} to {percent(summary.clustered[1])}"
    return text + ")."


def _wrong(item: Item) -> list[str]:
    said = one_line(item.why or "")[:_LONGEST]
    return [
        f"- {_code(item.id)} ({_plain(item.db)}) {item.outcome}: {_plain(item.question)}",
        f"  - gold: {_code(item.gold_sql)}",
        f"  - predicted: {_code(item.sql)} {_plain(said)}",
    ]


def _code(text: str | None) -> str:
    return f"`{one_line(text)[:_LONGEST].replace('`', chr(39))}`"


def _plain(text: str) -> str:
    """Text in which nothing is markup: what models write must not end a comment, or begin one."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in " ".join(text.split()))


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
