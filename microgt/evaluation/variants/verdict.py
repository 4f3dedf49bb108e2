"""From the verdict on the original database to the one over its variants too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Comparison, compare
from microgt.evaluation.execution import Engine, Side, run_sql
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.variants.determined import readings

Compared = Callable[[ResultTable, ResultTable, Engine], Comparison]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an item, and why. variant: the number, from 1, of the first variant that tells it from gold; tables: both answers
    there."""

    outcome: Outcome
    reason: str | None = None
    error: str | None = None
    variant: int | None = None
    tables: tuple[ResultTable | None, ResultTable | None] | None = None


def over_variants(original: Verdict, wanted: Side, given: Side, compared: Compared, variants: Sequence[Engine | None]) -> Verdict:
    """The verdict when a match must hold on every variant.

    A variant says nothing when it is None, when gold does not run on it, or when gold leaves open which of several answers it means there.
    Empty against empty is confirmed by agreement where gold has rows.
    """
    if wanted.table is None or given.table is None or not original.outcome.right:
        return original
    assert wanted.sql is not None
    assert given.sql is not None
    rows = False
    for number, engine in enumerate(variants, 1):
        gold = run_sql(wanted.sql, engine).table if engine else None
        if gold is None or engine is None:
            continue
        answer = run_sql(given.sql, engine)
        if answer.table is None:
            return Verdict(answer.failed or Outcome.EXEC_ERROR, None, answer.error, number, (gold, None))
        found = compared(gold, answer.table, engine)
        if not found.equal:
            if _left_open(wanted.sql, engine):
                continue
            return Verdict(Outcome.WRONG, found.why, None, number, (gold, answer.table))
        rows = rows or bool(gold.rows)
    if original.outcome is Outcome.VACUOUS and rows:
        return Verdict(Outcome.CORRECT, original.reason)
    return original


def _left_open(sql: str, engine: Engine) -> bool:
    """Whether gold has several answers on this database."""
    both = readings(sql)
    if both is None:
        return False
    first, second = (run_sql(reading, engine).table for reading in both)
    return first is not None and second is not None and not compare(first, second)
