"""Rows of a database that was designed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from microgt.data.demo.chance import FIRST, LAST
from microgt.data.demo.load import Contents, arrow
from microgt.data.invented.design import ColumnDesign, Design, TableDesign
from microgt.data.invented.domain import NAMING
from microgt.data.invented.places import CITIES, COUNTRIES
from microgt.schema.catalog import quoted

_TYPES = {
    "int": "INTEGER", "score": "INTEGER", "money": "DOUBLE", "percent": "DOUBLE", "flag": "BOOLEAN", "date": "DATE", "later": "DATE",
    "born": "DATE", "time": "TIMESTAMP",
}  # fmt: skip
_PARTS = ("Alder", "Birch", "Cedar", "Dune", "Elm", "Fjord", "Grove", "Heron", "Iris", "Jade", "Kite", "Larch", "Maple", "North", "Opal",
    "Pine", "Quill", "Ridge", "Sage", "Teal", "Umber", "Vale", "Wren", "Yarrow")  # fmt: skip
_FORMS = ("Ltd", "Group", "Partners", "Trading", "Works", "Services", "Holding", "Industries", "& Sons", "Supply")
_TERMS = (7, 14, 14, 30)  # days from the first date of a row to its second
_SEEN = 0.12  # share of NULLs in a column that has some


def contents(design: Design, seed: int) -> Contents:
    """The statements that create the tables, and their rows."""
    rng = random.Random(f"{design.name}:{seed}:rows")
    first = date(rng.randint(2018, 2023), 1, 1)
    span = rng.randint(700, 1600)
    keys: dict[str, list[Any]] = {}
    tables = {t.name: arrow(_rows(t, keys, first, span, rng)) for t in design.tables}
    return Contents("\n".join(_create(t, design) for t in design.tables), tables)


def _create(table: TableDesign, design: Design) -> str:
    kinds = {t.of.name: "VARCHAR" if t.coded else "INTEGER" for t in design.tables}
    names = {t.of.name: t for t in design.tables}
    parts = [f"{quoted(table.key)} {kinds[table.of.name]}" + (" PRIMARY KEY" if design.declared else "")]
    for column in table.columns:
        target = names.get(column.target)
        kind = kinds[column.target] if target else "VARCHAR" if column.stored else _TYPES.get(column.of.kind, "VARCHAR")
        refers = f" REFERENCES {quoted(target.name)} ({quoted(target.key)})" if target and design.declared else ""
        parts.append(f"{quoted(column.name)} {kind}{refers}")
    return f"CREATE TABLE {quoted(table.name)} ({', '.join(parts)});"


def _rows(table: TableDesign, keys: dict[str, list[Any]], first: date, span: int, rng: random.Random) -> Mapping[str, Sequence[Any]]:
    title = next((c for c in table.columns if c.of.kind == "title"), None)
    links = any(c.target for c in table.columns)
    count = len(title.of.more) if title else rng.randint(60, 240) if links else rng.randint(20, 80)
    keys[table.of.name] = [f"{table.of.name[0].upper()}{i:04}" if table.coded else i for i in range(1, count + 1)]
    begins = [first + timedelta(days=rng.randrange(span)) for _ in range(count)]
    found, dates = {table.key: keys[table.of.name]}, [c for c in table.columns if c.of.kind == "date"]
    for column in table.columns:
        since = [b + timedelta(days=rng.choice(_TERMS)) for b in begins] if column in dates[1:] else begins  # due some days later
        found[column.name] = _column(column, keys, since, rng)
    return found


def _column(column: ColumnDesign, keys: dict[str, list[Any]], begins: list[date], rng: random.Random) -> list[Any]:
    made = _link(keys[column.target], len(begins), rng) if column.target else list(_values(column, begins, rng))
    may_lack = column.of.kind in ("choice", "score", "text", "int", "percent", "country", "city", "link") and rng.random() < 0.25
    return [None if may_lack and rng.random() < _SEEN else column.stored.get(v, v) if isinstance(v, str) else v for v in made]


def _link(targets: list[Any], count: int, rng: random.Random) -> list[Any]:
    """Some are linked to often, a few never."""
    used = rng.sample(targets, max(1, round(len(targets) * rng.uniform(0.7, 1.0))))
    return rng.choices(used, [1 / (i + 1) ** 0.5 for i in range(len(used))], k=count)


def _values(column: ColumnDesign, begins: list[date], rng: random.Random) -> Iterator[Any]:
    kind = column.of.kind
    for value in _named(column, len(begins), rng) if kind in (*NAMING, "code", "email") else _drawn(column, begins, rng):
        yield value.lower() if column.stored and kind == "choice" else value


def _named(column: ColumnDesign, count: int, rng: random.Random) -> list[str]:
    """Different for each row."""
    match column.of.kind:
        case "person" | "email":
            people = rng.sample([f"{a} {b}" for a in FIRST for b in LAST], count)
            return [p.lower().replace(" ", ".") + "@example.com" for p in people] if column.of.kind == "email" else people
        case "company":
            return rng.sample(
                [f"{a} {b}" for a in _PARTS for b in _FORMS] + [f"{a}{b.lower()}" for a in _PARTS for b in _PARTS if a != b], count
            )
        case "code":
            form = column.of.more[0]
            return ["".join(rng.choice("0123456789") if c == "#" else c for c in form) for _ in range(count)]
    return rng.sample(list(column.of.more), count)


def _drawn(column: ColumnDesign, begins: list[date], rng: random.Random) -> Iterator[Any]:
    """One for each row, frequent ones more often."""
    options = _options(column, rng)
    weights = [1 / (i + 1) ** 0.6 for i in range(len(options))]
    lacking = rng.uniform(0.25, 0.65)
    for begin in begins:
        yield rng.choices(options, weights)[0] if options else _measured(column, begin, lacking, rng)


def _options(column: ColumnDesign, rng: random.Random) -> list[Any]:
    match column.of.kind:
        case "choice" | "text":
            return rng.sample(list(column.of.more), len(column.of.more))
        case "city":
            return rng.sample(CITIES, 12)
        case "country":
            return rng.sample([name for name, _ in COUNTRIES], 9)
        case "flag":
            return [column.of.called[0], f"not {column.of.called[0]}"] if column.stored else rng.sample([True, False], 2)
    return []


def _measured(column: ColumnDesign, begin: date, lacking: float, rng: random.Random) -> Any:
    match column.of.kind:
        case "date":
            return begin
        case "time":
            return datetime(begin.year, begin.month, begin.day, rng.randrange(7, 20), rng.choice((0, 15, 30, 45)))
        case "later":
            return None if rng.random() < lacking else begin + timedelta(days=int(rng.expovariate(1 / 40)) + 1)
        case "born":
            return date(rng.randint(1945, 2004), rng.randint(1, 12), rng.randint(1, 28))
    low, high = column.of.range
    drawn = min(high, low + (high - low) * rng.betavariate(1.3, 2.6))
    return round(drawn, 2) if column.of.kind in ("money", "percent") else round(drawn)
