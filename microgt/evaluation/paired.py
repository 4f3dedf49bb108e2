"""Two runs on the same questions: which answers changed, and whether one run is better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from microgt.errors import DataError
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.power import ALPHA, detectable
from microgt.evaluation.results import Item, Rate, Record, Results
from microgt.evaluation.statistics import Interval, cluster_bootstrap, mcnemar
from microgt.evaluation.summary import grouped, rate

NAMED = 5  # ids in a message

Pair = tuple[Item, Item]


class Paired(Record):
    """Two runs on the same n questions.

    gain: accuracy of the second less that of the first. won, lost: how many only the second, only the first answers right. p: the exact
    McNemar test. interval: 95%, of the gain when databases are drawn again, None for fewer than two. detectable: the smallest gain that
    the test would find four times out of five, with so many questions and as many of them as here right in one run only.
    """

    first: Rate
    second: Rate
    gain: float
    won: int
    lost: int
    p: float
    interval: Interval | None
    detectable: float | None

    @property
    def differs(self) -> bool:
        """Whether the test says at 5% that the runs are not equally good."""
        return self.p < ALPHA

    @property
    def worse(self) -> bool:
        """Whether the test says at 5% that the second run is worse."""
        return self.differs and self.lost > self.won


class Answer(Record):
    """What one run said to a question, and what became of it."""

    outcome: Outcome
    reason: str | None
    error: str | None
    spec: dict[str, Any] | None
    sql: str | None


class Change(Record):
    """A question that only one of the two runs answers right."""

    id: str
    db: str
    category: str | None
    question: str
    first: Answer
    second: Answer


class Run(Record):
    """Which run it was."""

    data: str
    split: str
    checkpoint: str | None
    microgt: str
    git: str | None


class RunComparison(Record):
    """What two results files say together. `format` changes when the fields do.

    won, lost: the questions that only the second, only the first run answers right. left_out: ids that are in one of the files only.
    other_gold: ids of questions whose gold is not the same in both.
    """

    format: Literal[1] = 1
    first: Run
    second: Run
    overall: Paired
    by_category: dict[str, Paired]
    by_database: dict[str, Paired]
    won: tuple[Change, ...]
    lost: tuple[Change, ...]
    left_out: tuple[str, ...]
    other_gold: tuple[str, ...]


def compare_runs(first: Results, second: Results, *, common: bool = False) -> RunComparison:
    """The second run beside the first, question by question.

    common: look only at the questions that both have. Raises `DataError` when the questions are not the same, or none are left, or when
    one run was judged on variants of the databases that the other was not judged on.
    """
    _refuse_other_variants(first, second)
    before, after = ({item.id: item for item in results.items} for results in (first, second))
    _refuse_other_questions(before, after, common)
    pairs = [(item, after[item.id]) for item in first.items if item.id in after]
    return RunComparison(
        first=_run(first),
        second=_run(second),
        overall=paired(pairs),
        by_category={name: paired(group) for name, group in grouped(pairs, lambda pair: pair[0].category).items()},
        by_database={name: paired(group) for name, group in grouped(pairs, lambda pair: pair[0].db).items()},
        won=_changes(pairs, lambda a, b: b and not a),
        lost=_changes(pairs, lambda a, b: a and not b),
        left_out=tuple(sorted(before.keys() ^ after.keys())),
        other_gold=tuple(a.id for a, b in pairs if _gold(a) != _gold(b)),
    )


def paired(pairs: Sequence[Pair]) -> Paired:
    """The figures of at least one pair."""
    right = [(a.right, b.right) for a, b in pairs]
    n, won, lost = len(pairs), right.count((False, True)), right.count((True, False))
    return Paired(
        first=rate(sum(a for a, _ in right), n),
        second=rate(sum(b for _, b in right), n),
        gain=(won - lost) / n,
        won=won,
        lost=lost,
        p=mcnemar(lost, won),
        interval=cluster_bootstrap([b - a for a, b in right], [a.db for a, _ in pairs]),
        detectable=detectable(n, (won + lost) / n),
    )


def _refuse_other_variants(first: Results, second: Results) -> None:
    one, other = (f"variants={r.variants} seed={r.seed}" if r.variants else "variants=0" for r in (first, second))
    if one != other:
        raise DataError(f"the two runs were not judged alike: {one} and {other}")


def _refuse_other_questions(before: dict[str, Item], after: dict[str, Item], common: bool) -> None:
    """Raise `DataError` unless both answer the same questions, or share some and `common` is asked for."""
    shared = [name for name in before if name in after]
    other = [name for name in shared if (before[name].question, before[name].db) != (after[name].question, after[name].db)]
    if other:
        raise DataError(f"{len(other)} ids stand for another question or database in the second file: {_some(other)}")
    if not shared:
        raise DataError("the two files have no question in common")
    sides = {"first": [i for i in before if i not in after], "second": [i for i in after if i not in before]}
    only = [f"{len(ids)} only in the {side} ({_some(ids)})" for side, ids in sides.items() if ids]
    if only and not common:
        raise DataError(f"the files answer different questions: {', '.join(only)}; --common compares the {len(shared)} in both")


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:NAMED]) + (", ..." if len(ids) > NAMED else "")


def _run(results: Results) -> Run:
    return Run(data=results.data, split=results.split, checkpoint=results.checkpoint, microgt=results.microgt, git=results.git)


def _gold(item: Item) -> Any:
    """What was asked for: the SQL of a gold spec may change with the compiler, so the spec goes before it."""
    return item.gold_spec or item.gold_sql


def _changes(pairs: Sequence[Pair], changed: Callable[[bool, bool], bool]) -> tuple[Change, ...]:
    return tuple(
        Change(id=a.id, db=a.db, category=a.category, question=a.question, first=_answer(a), second=_answer(b))
        for a, b in pairs
        if changed(a.right, b.right)
    )


def _answer(item: Item) -> Answer:
    return Answer(outcome=item.outcome, reason=item.reason, error=item.error, spec=item.spec, sql=item.sql)
