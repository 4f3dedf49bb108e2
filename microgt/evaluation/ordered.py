"""Comparing with gold that sorts or cuts its rows."""

from __future__ import annotations

from dataclasses import replace

from microgt.engine.result import ResultTable
from microgt.evaluation.comparator import Comparison, Difference, judge, same_sequence
from microgt.evaluation.execution import Engine, run_sql
from microgt.evaluation.order import Ordering

TIES = 20_000  # how many rows beyond the cut are looked at: a choice from more than these cannot be seen to be right


def compare_ordered(gold: ResultTable, given: ResultTable, how: Ordering | None, engine: Engine) -> Comparison:
    """Compare in gold's order. Gold is run again, uncut and with its sort keys, only when that can change the verdict."""
    as_bags = judge(gold, given)
    if how is None or not gold.rows or as_bags.why in (Difference.COLUMNS, Difference.ROWS):
        return as_bags
    if as_bags.equal and (how.keys == () or same_sequence(gold, given)):
        return as_bags
    if not as_bags.equal and how.skip is None:
        return as_bags
    again = _uncut(gold, how, engine)
    if again is None:
        return Comparison(Difference.ORDER) if as_bags.equal else as_bags
    found = _in_order(again, given, gold, how)
    return replace(found, tie_cut=found.equal and not as_bags.equal)


def _uncut(gold: ResultTable, how: Ordering, engine: Engine) -> ResultTable | None:
    """The rows that gold chose from, with its sort keys. None when they cannot be had, or are not those that it did choose from."""
    if how.keys is None:
        return None
    sql = how.sql if how.skip is None else f"{how.sql}\nLIMIT {how.skip + len(gold.rows) + TIES}"
    again = run_sql(sql, engine).table
    return again if again is not None and _in_order(again, gold, gold, how).equal else None


def _in_order(again: ResultTable, given: ResultTable, gold: ResultTable, how: Ordering) -> Comparison:
    window = None if how.skip is None else (how.skip, how.skip + len(gold.rows))
    return judge(again, given, how.keys, width=len(gold.columns), window=window)
