"""One or a few numbers, without groups."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.phrases import listed, pick
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import plural, singular
from microgt.spec.types import Aggregate, Rows, Select


def value(pieces: Pieces) -> Plan:
    """One number."""
    table = pieces.table()
    found = pieces.conditions(table)
    m = pieces.measure(table, found)
    return Plan(Select(outputs=(m.node,), where=pieces.where(found)), m.words + pieces.said(found), "single value")


def counted(pieces: Pieces) -> Plan:
    """How many rows fulfil one or two conditions."""
    table, rng = pieces.table(), pieces.rng
    found = pieces.conditions(table) or pieces.conditions(table)
    if not found:
        return plain_count(pieces)
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(table)), table)
    text = pick(rng, phrases.COUNTED, t=noun, f=pieces.said(found).strip()).replace(" ,", ",").replace(" :", ":")
    query = Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=pieces.where(found))
    return Plan(query, text, "single value", question=True)


def plain_count(pieces: Pieces) -> Plan:
    """How many rows a table has, or how many different values a column."""
    table, rng = pieces.rng.choice(list(pieces.weights)), pieces.rng
    noun = rng.choice(pieces.profile.table_names(table))
    dims = [d for d in pieces.profile.categories(table) if d.column.table == table]
    if dims and rng.random() < 0.35:
        dim = pieces.dimension(dims)
        node = Aggregate(fn="count_distinct", of=dim.col)
        text = pick(
            rng,
            (
                "how many {d} are there",
                "how many different {d} do we have",
                "how many {d} do the {t} have",
                "number of {d} we have {t} in",
                "in how many {d} do we have {t}",
                "count of distinct {d}",
                "how many {d}",
            ),
            d=plural(rng.choice(dim.names)),
            t=noun,
        )
    else:
        node = Aggregate(fn="count", of=Rows(table=table))
        text = pick(
            rng,
            (
                "how many {t} are there",
                "how many {t} do we have",
                "how many {t} are there in total",
                "number of {t}",
                "how many {t} have we had so far",
                "how many {t} do we know about",
                "count all {t}",
                "total {t}",
                "how many {t} did we have",
                "overall number of {t}",
            ),
            t=noun,
        )
    return Plan(Select(outputs=(node,)), text, "single value", question=text.startswith(("how", "in")))


def two_values(pieces: Pieces) -> Plan:
    """Two or three numbers at once."""
    table = pieces.table()
    chosen = pieces.measures(table)
    found = pieces.conditions(table, 1)
    text = listed([m.words for m in chosen], pieces.rng)
    return Plan(Select(outputs=tuple(m.node for m in chosen), where=pieces.where(found)), text + pieces.said(found), "single value")


def extreme_date(pieces: Pieces) -> Plan:
    """When something happened first or last."""
    table, rng = pieces.table(), pieces.rng
    dates = [d for d in pieces.profile.dates(table) if d.column.table == table]
    if not dates:
        return value(pieces)
    date, last = rng.choice(dates), rng.random() < 0.6
    found = pieces.conditions(table, 2, (date.column.id,))
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(table)), table)
    forms = (
        "when was the {w} {s}",
        "date of the {w} {s}",
        "{w} {d} of {t}",
        "what is the {w} {d} among {t}",
        "when did we have the {w} {s}",
        "{w} {d}",
    )
    word = rng.choice(("last", "latest", "most recent") if last else ("first", "earliest", "oldest"))
    text = pick(rng, forms, w=word, s=singular(noun), t=noun, d=rng.choice(date.names)) + pieces.said(found)
    node = Aggregate(fn="max" if last else "min", of=date.col)
    return Plan(Select(outputs=(node,), where=pieces.where(found)), text, "single value", question=text.startswith(("when", "what")))
