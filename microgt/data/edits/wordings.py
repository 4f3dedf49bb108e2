"""How changes are said. The last two forms of each are kept from training, to measure by."""

from __future__ import annotations

import random
from typing import Literal

Half = Literal["train", "held_out"]
_KEPT = 2

FORMS: dict[str, tuple[str, ...]] = {
    "chart": (
        "as a {mark}", "as a {mark} chart", "make it a {mark}", "make that a {mark} chart", "{mark} chart please",
        "draw it as a {mark} chart", "turn this into a {mark}", "I would rather see a {mark}", "show it as a {mark} chart instead",
        "can this be a {mark} chart?", "plot that as {mark}", "{mark} instead", "how does it look as a {mark}?",
        "give me a {mark} of this",
    ),
    "table": (
        "as a table", "show it as a table", "just a table", "in a table please", "no chart, only the rows", "as rows",
        "I only need the numbers in a table", "forget the chart", "put it in a table", "a plain table will do",
    ),
    "top": (
        "top {n}", "only the top {n}", "just the top {n}", "the {n} largest", "the {n} highest only", "limit it to the {n} biggest",
        "which are the {n} highest?", "keep the best {n}", "only the {n} largest ones", "show the leading {n}",
        "the {n} greatest will do", "cut it to the top {n}",
    ),
    "bottom": (
        "bottom {n}", "only the bottom {n}", "the {n} smallest", "the {n} lowest only", "just the worst {n}", "which are the {n} lowest?",
        "keep the weakest {n}", "only the {n} smallest ones", "the {n} least will do", "show the last {n} of the ranking",
    ),
    "all_rows": (
        "all of them", "show all of them", "without the limit", "every row please", "not only those, all", "the whole list",
        "do not cut the list", "lift the limit", "give me the complete list",
    ),
    "largest_first": (
        "largest first", "highest first", "sort it descending", "from high to low", "biggest on top", "in descending order",
        "order by size", "rank them", "sorted from the largest down", "start with the biggest",
    ),
    "smallest_first": (
        "smallest first", "lowest first", "sort it ascending", "from low to high", "in ascending order",
        "the other way round, smallest first", "smallest on top", "begin with the lowest", "sorted from the smallest up",
    ),
    "grain": (
        "by {unit}", "per {unit}", "{every}", "on a {every} basis", "for each {unit}", "{unit} by {unit}", "broken down by {unit}",
        "split by {unit}", "over time by {unit}", "show it for every {unit}", "grouped by {unit}", "how did it develop by {unit}?",
        "as a series by {unit}",
    ),
    "by": (
        "by {name}", "per {name}", "for each {name}", "grouped by {name}", "broken down by {name}", "split by {name}",
        "by {name} instead", "for every {name}", "and by {name}?", "divide it by {name}", "what about by {name}", "slice it by {name}",
    ),
    "also_by": (
        "also by {name}", "and by {name} too", "split further by {name}", "additionally by {name}", "add {name}", "by {name} as well",
        "break it down further by {name}", "with {name} as a second dimension", "and within that by {name}",
    ),
    "ungrouped": (
        "without {name}", "not by {name}", "drop the {name}", "remove {name}", "leave {name} out", "do not split by {name}",
        "all {names} together", "ignore the {name}", "merge the {names}",
    ),
    "only": (
        "only {value}", "just {value}", "for {value}", "only for {value}", "only the ones in {value}", "what about {value}?",
        "restrict it to {value}", "and for {value}?", "{value} only", "same for {value}", "now for {value}", "narrow it down to {value}",
        "limit this to {value}",
    ),
    "without": (
        "without {value}", "excluding {value}", "except {value}", "leave out {value}", "ignore {value}", "but not {value}",
        "everything but {value}", "not counting {value}", "drop {value} from it", "other than {value}",
    ),
    "during": (
        "only {period}", "in {period}", "for {period}", "just {period}", "during {period}", "what about {period}?",
        "the same for {period}", "{period} only", "restrict it to {period}", "how was it in {period}?", "limit this to {period}",
    ),
    "relative": (
        "{period}", "only {period}", "for {period}", "just {period}", "and {period}?", "what about {period}?", "the same for {period}",
        "how was it {period}?", "restricted to {period}",
    ),
    "above": (
        "only above {n}", "those over {n}", "only more than {n}", "greater than {n}", "above {n} only", "keep those over {n}",
        "where it exceeds {n}", "the ones beyond {n}", "only what is larger than {n}",
    ),
    "below": (
        "only below {n}", "those under {n}", "only less than {n}", "smaller than {n}", "below {n} only", "keep those under {n}",
        "where it stays under {n}", "only what is less than {n}",
    ),
    "no_filter": (
        "without the filter", "drop the filter", "for everything", "for all {names}", "remove the condition", "overall", "no restriction",
        "never mind the {name}", "not only those, for all", "across all {names}",
    ),
    "instead": (
        "the {fn} instead", "use the {fn}", "{fn} instead", "as {fn}", "take the {fn}", "I meant the {fn}", "what is the {fn}?",
        "rather the {fn}", "and the {fn}?", "with the {fn} in place of that",
    ),
    "measure": (
        "the {fn} {name} instead", "{fn} {name} instead", "{fn} of {name} instead", "now the {fn} {name}", "I want the {fn} {name}",
        "use {fn} {name}", "rather the {fn} {name}", "and the {fn} {name}?", "the same for the {fn} {name}",
    ),
    "also_measure": (
        "also the {fn} {name}", "add the {fn} {name}", "and the {fn} {name} too", "with the {fn} {name} beside it",
        "plus the {fn} of {name}", "the {fn} {name} as well", "next to it the {fn} {name}", "put the {fn} {name} next to it",
    ),
    "count": (
        "the number of {names} instead", "how many {names} instead", "count the {names}", "now the number of {names}",
        "number of {names}", "use the count of {names}", "rather how many {names}", "count of {names} in place of that",
    ),
    "share": (
        "as a share", "in percent", "as a percentage of the total", "as shares of the total", "show the proportions",
        "what share is that?", "relative to the total", "in relation to the whole", "as a fraction of all",
    ),
    "forecast": (
        "forecast {n} {units}", "and the next {n} {units}?", "what will it be in the next {n} {units}?", "predict {n} {units} ahead",
        "continue it for {n} {units}", "with a forecast of {n} {units}", "how will it go on for {n} {units}?", "project it {n} {units}",
        "extend it by {n} {units}", "what comes in the {n} {units} after that?",
    ),
}  # fmt: skip


def said(kind: str, half: Half, rng: random.Random, **slots: str) -> str:
    """One of the forms of that half, with its gaps filled."""
    forms = FORMS[kind]
    return rng.choice(forms[:-_KEPT] if half == "train" else forms[-_KEPT:]).format(**slots)
