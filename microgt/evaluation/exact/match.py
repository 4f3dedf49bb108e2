"""Exact set match without values: the official evaluator's rules (Yu et al., Spider, EMNLP 2018; test-suite-sql-eval), written anew.

Each component must be the same: select, where, group by, having, order by, and/or, set operations, keywords, and the tables of FROM. Order
within a component means nothing but in GROUP BY and ORDER BY; values, DISTINCT and the conditions of joins are not looked at; columns that
foreign keys make equal count as one. A query nested in a condition must be the same as written, but for its values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from microgt.evaluation.exact.clauses import SET_OPS, Clauses, Conditions, Shown, Term, Unit
from microgt.schema.types import Schema

Component = Callable[[Clauses, Clauses], bool]


def exact_match(gold: Clauses, predicted: Clauses, keys: dict[str, str]) -> bool:
    """Whether all components are the same. keys: see `key_classes`."""
    return not differing(gold, predicted, keys)


def differing(gold: Clauses, predicted: Clauses, keys: dict[str, str]) -> list[str]:
    """The names of the components that are not the same, in the order of `COMPONENTS`."""
    gold, predicted = _merged(gold, keys), _merged(predicted, keys)
    return [name for name, same in COMPONENTS.items() if not same(gold, predicted)]


def key_classes(schema: Schema) -> dict[str, str]:
    """Column -> the first column (in the schema's order) of those that foreign keys make equal to it; ids in lower case.

    As the evaluator builds them: a key joins the first class that either of its ends is in, and classes that meet later stay apart.
    """
    place = {column.id: n for n, column in enumerate(schema.columns)}
    classes: list[set[str]] = []
    for key in schema.keys:
        if key.inferred or key.column not in place or key.target not in place:
            continue
        found = next((c for c in classes if key.column in c or key.target in c), None)
        if found is None:
            classes.append(found := set())
        found |= {key.column, key.target}
    return {column.lower(): min(same, key=place.__getitem__).lower() for same in classes for column in same}


# ------------------------------------------------------------------ columns that are equal


def _merged(clauses: Clauses, keys: dict[str, str], tables: frozenset[str] | None = None) -> Clauses:
    """Without DISTINCT, and with one name for the columns of FROM's tables that keys make equal.

    Nested conditions stay as written. The other side of a set operation is merged over the tables of the first.
    """
    tables = frozenset(t for t in clauses.tables if isinstance(t, str)) if tables is None else tables

    def unit(found: Unit) -> Unit:
        column = keys.get(found.column, found.column) if found.column.split(".")[0] in tables else found.column
        return Unit(column, found.aggregate)

    def term(found: Term) -> Term:
        return Term(unit(found.left), found.op, found.right and unit(found.right))

    def conditions(found: Conditions) -> Conditions:
        return replace(found, items=tuple(replace(item, term=term(item.term)) for item in found.items))

    return replace(
        clauses,
        shown=tuple(Shown(term(s.term), s.aggregate) for s in clauses.shown),
        distinct=False,
        where=conditions(clauses.where),
        group=tuple(unit(u) for u in clauses.group),
        having=conditions(clauses.having),
        order=tuple(term(t) for t in clauses.order),
        beside=clauses.beside and (clauses.beside[0], _merged(clauses.beside[1], keys, tables)),
    )


# ------------------------------------------------------------------ components


def _select(gold: Clauses, predicted: Clauses) -> bool:
    return Counter(gold.shown) == Counter(predicted.shown)


def _where(gold: Clauses, predicted: Clauses) -> bool:
    return Counter(gold.where.items) == Counter(predicted.where.items)


def _group(gold: Clauses, predicted: Clauses) -> bool:
    return gold.group == predicted.group


def _having(gold: Clauses, predicted: Clauses) -> bool:
    """In the order written."""
    return gold.having == predicted.having


def _order(gold: Clauses, predicted: Clauses) -> bool:
    """And whether there is a LIMIT."""
    if not gold.order and not predicted.order:
        return True
    return (gold.order, gold.direction, gold.limited) == (predicted.order, predicted.direction, predicted.limited)


def _and_or(gold: Clauses, predicted: Clauses) -> bool:
    return set(gold.where.connectors) == set(predicted.where.connectors)


def _set_operations(gold: Clauses, predicted: Clauses) -> bool:
    """The other side by the same rules."""
    for op in SET_OPS:
        ours, theirs = gold.side(op), predicted.side(op)
        if (ours is None) != (theirs is None) or (ours and theirs and not _same(ours, theirs)):
            return False
    return True


def _same(gold: Clauses, predicted: Clauses) -> bool:
    return all(same(gold, predicted) for same in COMPONENTS.values())


def _keywords(gold: Clauses, predicted: Clauses) -> bool:
    return keywords(gold) == keywords(predicted)


def keywords(query: Clauses) -> frozenset[str]:
    """Those of the query itself; of nested queries only that there is a set operation."""
    there = {
        "where": query.where,
        "group": query.group,
        "having": query.having,
        "order": query.order,
        query.direction: query.order,
        "limit": query.limited,
        "or": "or" in query.connectors,
        "not": any(c.negated for c in query.conditions),
        "in": any(c.op == "in" for c in query.conditions),
        "like": any(c.op == "like" for c in query.conditions),
        **{op: query.side(op) for op in SET_OPS},
    }
    return frozenset(word for word, found in there.items() if found)


def _tables(gold: Clauses, predicted: Clauses) -> bool:
    """Each as often; a query in FROM as written."""
    return not gold.tables or Counter(gold.tables) == Counter(predicted.tables)


COMPONENTS: dict[str, Component] = {
    "select": _select,
    "where": _where,
    "group": _group,
    "having": _having,
    "order": _order,
    "and/or": _and_or,
    "set operations": _set_operations,
    "keywords": _keywords,
    "tables": _tables,
}
