"""Plain rows, and rows in which one number exceeds another."""

from __future__ import annotations

from typing import Any

from microgt.data.generator.kinds.values import value
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import plural
from microgt.schema.types import ColumnType
from microgt.spec.types import Aggregate, Col, Compare, Limit, Rows, Select, Sort, Value

# What is wanted of rows, behind what they are: with their names, then of whatever columns.
_WITH = (", with {c}", ", with their {c}", ", and their {c}", ". Show {c} too", ", incl. {c}", " along with their {c}", ", names and {c}")
_WANTED = (": {c}", ": give me the {c}", "? {c}", ", {c} please", " - {c}", ". I need the {c}", ", just {c}", ": show {c}")


def rows(pieces: Pieces) -> Plan:
    """Columns of some rows."""
    table, rng = pieces.table(), pieces.rng
    shown = pieces.profile.shown(table)
    if not shown:
        return value(pieces)
    label = pieces.profile.label(table)
    count = rng.choices((1, 2, 3), (5, 3, 1))[0]
    if count == 1:  # a number of rows is asked for in total, not as a list
        shown = [c for c in shown if c.type is not ColumnType.NUMBER] or shown
    columns = rng.sample(shown, min(count, len(shown)))
    if label and rng.random() < 0.6:
        columns = [label, *[c for c in columns if c != label]][:count]
    found = pieces.conditions(table, 2, tuple(c.id for c in columns))
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(table)), table)
    names = [rng.choice(pieces.profile.column_names(c)) for c in columns]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    distinct = len(columns) == 1 and columns[0] != label and rng.random() < 0.5
    query = Select(outputs=tuple(Col(column=c.id) for c in columns), where=pieces.where(found), distinct=distinct)
    if distinct:
        text = pick(
            rng,
            ("different {c} of {t}", "distinct {c} of {t}", "unique {c} among {t}", "all the different {c}", "which {c} are there"),
            c=plural(names[0]),
            t=noun,
        )
    else:
        text = pick(
            rng,
            ("{c} of {t}", "{c} of all {t}", "{c} for {t}", "the {c} of the {t}", "{t} with their {c}", "{t}: {c}", "{c} of every {t}"),
            c=listed,
            t=noun,
        )
        if columns == [label]:
            text = pick(rng, ("which {t}", "{t}", "names of {t}", "all {t}", "names of the {t}", "what are the names of the {t}"), t=noun)
    query, order = _ordered_rows(pieces, query, table)
    if len(columns) > 1 and columns[0] == label and rng.random() < 0.4:
        rest = names[1] if len(names) == 2 else " and ".join([", ".join(names[1:-1]), names[-1]])
        text = noun + pieces.said(found) + order + pick(rng, _WITH, c=rest)
    elif len(columns) > 1 and rng.random() < 0.25:
        text = noun + pieces.said(found) + order + pick(rng, _WANTED, c=listed)
    else:
        text += pieces.said(found) + order
    return Plan(query, pieces.named(text) if columns == [label] and not distinct else text, "filter")


def _ordered_rows(pieces: Pieces, query: Select, table: str) -> tuple[Select, str]:
    """Now and then, sort rows by a number, perhaps with a limit."""
    numeric, rng = pieces.profile.numeric(table), pieces.rng
    if not numeric or query.distinct or rng.random() > 0.35:
        return query, ""
    column = pieces.column(numeric)
    name = rng.choice(pieces.profile.column_names(column))
    down = rng.random() < 0.65
    sort = (Sort(direction="desc" if down else "asc", by=Col(column=column.id)),)
    if rng.random() < 0.6:
        n = rng.choice((1, 3, 5, 10))
        w = rng.choice(("highest", "largest", "biggest", "most") if down else ("lowest", "smallest", "least"))
        k = "" if n == 1 else small_number(rng, n) + " "
        text = pick(
            rng,
            (", only the {k}with the {w} {c}", " with the {k}{w} {c}", ", the {k}{w} by {c}", " having the {k}{w} {c}"),
            k=k,
            w=w,
            c=name,
        )
        return query.model_copy(update={"sort": sort, "limit": Limit(n=Value(value=n))}), text
    order = (
        (" from highest to lowest {c}", " sorted by {c} descending", " by {c}, highest first", " ordered by {c} from high to low")
        if down
        else (" sorted by {c}", " ordered by {c}", " in order of {c}", " by ascending {c}", " sorted by {c} ascending")
    )
    return query.model_copy(update={"sort": sort}), pick(rng, order, c=name)


def versus(pieces: Pieces) -> Plan:
    """Rows in which one number exceeds another of the same row."""
    table, rng = pieces.table(), pieces.rng
    numeric = pieces.profile.numeric(table)
    if len(numeric) < 2:
        return value(pieces)
    a, b = rng.sample(numeric, 2)
    op: Any
    op, word = rng.choice((("gt", "larger than"), ("gt", "higher than"), ("lt", "smaller than"), ("lt", "lower than"), ("eq", "equal to")))
    first, second = (rng.choice(pieces.profile.column_names(c)) for c in (a, b))
    noun = rng.choice(pieces.profile.table_names(table))
    text = pick(
        rng,
        (
            "how many {t} have a {a} {w} their {b}",
            "number of {t} with {a} {w} {b}",
            "{t} where {a} is {w} {b}, how many",
            "count {t} whose {a} is {w} the {b}",
        ),
        t=noun,
        a=first,
        b=second,
        w=word,
    )
    where = Compare(op=op, left=Col(column=a.id), right=Col(column=b.id))
    return Plan(Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=where), text, "comparison", question=True)
