"""Counts and other aggregates, without groups."""

from __future__ import annotations

from microgt.data.generator.profile import plural
from microgt.data.generator.sql import words
from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.sampler import Plan, Sampler

_HOW_MANY = ("how many {t} are there", "how many {t} are there", "how many {t} do we have", "how many {t}", "how many {t} exist")
_NUMBER = (
    "the number of {t}",
    "the number of {t}",
    "the total number of {t}",
    "the count of {t}",
    "number of {t}",
    "how many {t} there are",
)


def count(s: Sampler, conditions: Conditions) -> Plan | None:
    """How many rows there are, most often of those that fulfil conditions."""
    table = s.entity()
    found = conditions.some(table, 2, up=s.rng.random() < 0.7)
    source = s.source(*(f.column for f in found), first=table)
    if source is None:
        return None
    noun = conditions.noun(table, found, s.many(table))
    sql = f"SELECT COUNT(*) FROM {source.sql}{conditions.where(found, source)}"
    if s.rng.random() < 0.6:
        forms = (
            _HOW_MANY
            if not found
            else ("how many {t} are there", "how many {t}", "how many {t} do we have", "how many {t} are there in total")
        )
        text = s.rng.choice(forms).format(t=noun)
        if len(found) == 1 and s.rng.random() < 0.4:
            text = f"how many {s.many(table)} have {found[0].having}"
        elif len(found) == 1 and found[0].telling and s.rng.random() < 0.5:
            text = f"how many {s.many(table)} are {found[0].telling.removeprefix('that are ')}"
        return Plan(sql, text, "count", True)
    return Plan(sql, s.rng.choice(_NUMBER).format(t=noun), "count")


def count_different(s: Sampler, conditions: Conditions) -> Plan | None:
    """How many different values a column has."""
    table = s.entity()
    column = s.key(table)
    if column is None:
        return None
    found = conditions.some(table, 2, avoid=[column], up=True)
    source = s.source(column, *(f.column for f in found), first=table)
    if source is None:
        return None
    name, noun = plural(s.name(column, table)), conditions.noun(table, found, s.many(table))
    sql = f"SELECT COUNT(DISTINCT {source.column(column.id)}) FROM {source.sql}{conditions.where(found, source)}"
    whole = (
        "how many different {c} do {t} have",
        "how many distinct {c} are there for {t}",
        "how many different {c} are there among {t}",
        "how many {c} do the {t} have",
        "how many unique {c} of {t} are there",
    )
    phrase = (
        "the number of different {c} of {t}",
        "the number of distinct {c} for {t}",
        "the count of distinct {c} of {t}",
        "how many different {c} the {t} have",
    )
    is_whole = s.rng.random() < 0.6
    return Plan(sql, s.rng.choice(whole if is_whole else phrase).format(c=name, t=noun), "count", is_whole)


def aggregate(s: Sampler, conditions: Conditions) -> Plan | None:
    """One to three aggregates of a column, or of two."""
    table = s.entity()
    column = s.numeric(table)
    if column is None:
        return None
    fns = s.rng.choices(
        (["AVG"], ["SUM"], ["MAX"], ["MIN"], ["AVG", "MAX"], ["MAX", "MIN"], ["AVG", "MIN", "MAX"], ["MIN", "MAX"]),
        (7, 4, 2.5, 2, 1, 1, 1, 1),
    )[0]
    found = conditions.some(table, 2, avoid=[column], up=True)
    source = s.source(column, *(f.column for f in found), first=table)
    if source is None:
        return None
    name, noun = s.name(column, table), conditions.noun(table, found, s.many(table))
    said = s.listed([s.rng.choice(words.AGGREGATES[fn]) for fn in fns])
    every = s.rng.choice(("", "", "all ", "the ")) if not found else s.rng.choice(("", "", "the ", "all "))
    forms = (
        "the {a} {c} of {e}{t}",
        "the {a} {c} of {e}{t}",
        "the {a} {c} for {e}{t}",
        "{a} {c} of {e}{t}",
        "the {a} {c} across {e}{t}",
        "the {a} {c} among {e}{t}",
    )
    text = s.rng.choice(forms).format(a=said, c=name, e=every, t=noun)
    selected = ", ".join(f"{fn}({source.column(column.id)})" for fn in fns)
    if len(fns) == 1 and s.rng.random() < 0.12:
        selected = f"COUNT(*), {selected}"
        text = s.rng.choice(("the number of {t} and their {a} {c}", "how many {t} there are and their {a} {c}")).format(
            a=said, c=name, t=noun
        )
    return Plan(f"SELECT {selected} FROM {source.sql}{conditions.where(found, source)}", text, "aggregate")
