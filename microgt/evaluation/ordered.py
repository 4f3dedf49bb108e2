"""Comparing with gold that sorts or cuts its rows."""

from __future__ import annotations

from dataclasses import replace

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Comparison, Difference, judge, same_sequence
from microgt.evaluation.execution import Engine, run_sql
from microgt.evaluation.order import Ordering


def compare_ordered(gold: ResultTable, given: ResultTable, how: Ordering | None, engine: Engine) -> Comparison:
    """Compare in gold's order. Gold is run again, uncut and with its sort keys, only when that can change the verdict."""
    as_bags = judge(gold, given)
    if how is None or not gold.rows or as_bags.why in (Difference.COLUMNS, Difference.ROWS):
        return as_bags
    if as_bags.equal and (how.keys == () or same_sequence(gold, given)):
        return as_bags
    if not as_bags.equal and how.window is None:
        return as_bags
    again = run_sql(how.sql, engine).table if how.keys is not None else None
    if again is None or how.keys is None:
        return Comparison(Difference.ORDER) if as_bags.equal else as_bags
    found = judge(again, given, how.keys, width=len(gold.columns), window=how.window)
    return replace(found, tie_cut=found.equal and not as_bags.equal)
