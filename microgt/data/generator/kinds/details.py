"""Rows with several columns, their own and of what they belong to, listed as people list them: `open tickets: number, subject, account name`."""

from __future__ import annotations

from typing import Any

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.kinds.rows import rows
from microgt.data.generator.phrases import pick, small_number
from microgt.data.generator.pieces import Pieces, Plan
from microgt.data.generator.profile import Dimension, singular
from microgt.spec.types import Col, Limit, Select, Sort, Value

_BEHIND = (
    ": {c}", ": {c}", " - {c}", ", {c}", " ({c})", ", with {c}", ", showing {c}", ". Give {c}", ". Show {c}", "? {c} please", ". I need {c}", ", just {c}",
    " with their {c}", "? Give me {c}", ". Return {c}", "; list {c}", ", only {c}", "? Please list {c}", ", columns {c}", ". {c} are enough",
)  # fmt: skip
_BEFORE = (
    "{c} of {t}", "{c} of all {t}", "{c} for {t}", "the {c} of each of the {t}", "{c} for all {t}", "list {c} of the {t}", "give me {c} for every {s}",
    "{c} of every {s}", "show {c} for the {t}",
)  # fmt: skip
_ASKED = ("which {t}", "{t}", "all {t}", "what {t}", "list of {t}", "find {t}", "every {s}", "any {t}", "I need all {t}")
_EXTREME = ("the {k}{w} {t}", "{k}{w} {t}", "which are the {k}{w} {t}", "our {k}{w} {t}")
_WHOLE = ("which ", "what ", "list ", "find ", "I ", "every ", "any ", "all ", "our ", "give ", "show ")  # no opening fits before these


def details(pieces: Pieces) -> Plan:
    """Two to four columns of rows that meet up to three conditions."""
    table, rng = pieces.table(), pieces.rng
    columns = _columns(pieces, table)
    if len(columns) < 2:
        return rows(pieces)
    found = pieces.conditions(table, 3, tuple(d.column.id for d in columns))
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(table)), table)
    listed = _listed([rng.choice(d.names) for d in columns], pieces)
    query = Select(outputs=tuple(d.col for d in columns), where=pieces.where(found))
    said = pieces.said(found)
    if rng.random() < 0.3:
        text = pick(rng, _BEFORE, c=listed, t=noun, s=singular(noun)) + said
        return Plan(query, text, "filter", question=text.startswith(_WHOLE))
    text = pick(rng, _ASKED, t=noun, s=singular(noun)) + said + pick(rng, _BEHIND, c=listed)
    return Plan(query, text, "filter", question=text.startswith(_WHOLE))


def extreme_details(pieces: Pieces) -> Plan:
    """Several columns of the row, or of the few rows, with the most of a number or the latest date."""
    table, rng = pieces.table(), pieces.rng
    dates = [d for d in pieces.profile.dates(table) if d.column.table == table]
    by = [*pieces.profile.numeric(table), *(d.column for d in dates[:1])]
    columns = _columns(pieces, table)
    if len(columns) < 2 or not by:
        return rows(pieces)
    column, down, n = pieces.column(by), rng.random() < 0.7, rng.choice((1, 1, 2, 3, 3, 4, 5, 10))
    if rng.random() < 0.5:
        columns[rng.randrange(1, len(columns))] = next(d for d in pieces.profile.dimensions(table) if d.col == Col(column=column.id))
    columns = list(dict.fromkeys(columns))
    found: list[Filter] = pieces.conditions(table, 2, (column.id,))
    noun = pieces.attributive(found, rng.choice(pieces.profile.table_names(table)), table)
    k = "" if n == 1 else small_number(rng, n) + " "
    text = pick(rng, _EXTREME, k=k, w=_adjective(pieces, column, down), t=singular(noun) if n == 1 else noun)
    name = rng.choice(pieces.profile.column_names(column))
    if column.id not in pieces.profile.schema.dated:
        text += pick(rng, (" by {c}", " in terms of {c}", " measured by {c}", " ({c})"), c=name)
    listed = _listed([rng.choice(d.names) for d in columns], pieces)
    sort = Sort(direction="desc" if down else "asc", by=Col(column=column.id))
    query = Select(outputs=tuple(d.col for d in columns), where=pieces.where(found), sort=(sort,), limit=Limit(n=Value(value=n)))
    return Plan(query, text + pieces.said(found) + pick(rng, _BEHIND, c=listed), "top-n", question=text.startswith(_WHOLE))


def _adjective(pieces: Pieces, column: Any, down: bool) -> str:
    if column.id in pieces.profile.schema.dated:
        return pieces.rng.choice(("latest", "most recent", "newest", "last") if down else ("earliest", "oldest", "first"))
    return pieces.rng.choice(("highest", "largest", "biggest", "top") if down else ("lowest", "smallest"))


def _columns(pieces: Pieces, table: str) -> list[Dimension]:
    """Columns of a table, its name mostly first, and now and then the name of what it belongs to."""
    rng, profile = pieces.rng, pieces.profile
    everything = profile.dimensions(table)
    own = [d for d in everything if d.column.table == table]
    label = profile.label(table)
    names = [d for d in everything if d.column.table != table and d.column == profile.label(d.column.table)]
    count = rng.choice((2, 2, 3, 3, 4))
    chosen = rng.sample(own, min(count, len(own)))
    if label and rng.random() < 0.6:
        chosen = [next(d for d in own if d.column == label), *(d for d in chosen if d.column != label)][:count]
    if chosen and names and rng.random() < 0.5:
        chosen[rng.randrange(len(chosen))] = rng.choice(names)
    return chosen


def _listed(names: list[str], pieces: Pieces) -> str:
    """Now and then with articles, or with `first` and `then`."""
    if pieces.rng.random() < 0.15:
        names = [f"the {n}" for n in names]
    if len(names) > 1 and pieces.rng.random() < 0.05:
        return f"{names[0]} first, then {', '.join(names[1:])}"
    return phrases.listed(names, pieces.rng)
