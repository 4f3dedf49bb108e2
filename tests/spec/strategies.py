"""Random specs over random databases.

Specs are walks through the actions that the grammar allows, so that a type is drawn as soon as the grammar has it. Short ways are likelier
than long ones by what the grammar says they cost; nothing else is known of any type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from microgt.errors import SpecError
from microgt.schema.types import Schema
from microgt.spec import Answer, Select, Spec, check, read_spec, write_spec
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Derivation, Scope
from microgt.spec.rules import classes_in
from microgt.spec.types import Aggregate, Arithmetic, Col, Node, Ref, Rows, Window
from microgt.spec.types.unions import Measured
from microgt.spec.walk import within
from tests.spec.databases import Database, databases

POINTED = {ActionKind.COLUMN: 2.0, ActionKind.VALUE: 0.5}


Wanted = Mapping[str, tuple[type, ...]]


def random_spec(rng: Random, scope: Scope, tables: Sequence[str] = (), wanted: Wanted = {}) -> Spec:  # noqa: B006
    """A walk through the legal actions, over these tables, or over one or two. wanted: the types that may stand in a slot."""
    near = set(tables or rng.sample(scope.tables, min(len(scope.tables), rng.choice((1, 1, 2)))))
    pools = {
        ActionKind.TABLE: [i for i, t in enumerate(scope.tables) if t in near],
        ActionKind.COLUMN: [i for i, c in enumerate(scope.columns) if c.rpartition(".")[0] in near],
        ActionKind.VALUE: range(len(scope.values)),
    }
    derivation = GRAMMAR.start()
    while not derivation.done:
        derivation = derivation.push(random_action(rng, derivation, pools, wanted))
    return GRAMMAR.decode(list(derivation.actions), scope)


def random_action(rng: Random, derivation: Derivation, pools: dict[ActionKind, Sequence[int]], wanted: Wanted) -> Action:
    """A legal action: first the type or the clause, then the way to build it."""
    legal, slot, depth = derivation.legal(), GRAMMAR.slots[derivation.slot], derivation.depth
    groups: dict[Any, list[int]] = {}
    for i in legal.rules:
        groups.setdefault(GRAMMAR.rule(i).clause or GRAMMAR.rule(i).cls, []).append(i)
    if slot.endswith(".clauses"):  # in their order, then the end
        found = next((g for g in groups if isinstance(g, str) and rng.random() < 0.25), [*groups][-1])
    else:
        asked = {cls: rules for cls, rules in groups.items() if cls in wanted.get(slot, ())}
        weights: dict[Any, float] = {cls: max(_weight(i, depth) for i in rules) for cls, rules in (asked or groups).items()}
        weights |= {} if asked else {kind: POINTED.get(kind, 1.0) for kind in sorted(legal.pointers)}
        found = rng.choices([*weights], [*weights.values()])[0]
    if isinstance(found, ActionKind):
        return Action(found, rng.choice(pools[found]))
    return Action(ActionKind.RULE, rng.choices(groups[found], [_weight(i, depth) for i in groups[found]])[0])


@cache
def _weight(rule: int, depth: int) -> float:
    """The shorter the likelier, and the more so the deeper; what holds nothing is rare: constants, and specs without a query."""
    built = GRAMMAR.rule(rule)
    return (1 + GRAMMAR.rule_cost(built)) ** -(0.4 + 0.2 * depth) if built.children else 0.3 if depth else 0.03


def pruned(spec: Spec, schema: Schema) -> Spec:
    """The spec without what the checker does not accept: it goes, or a part of it takes its place."""
    while errors := check(spec, schema):
        smaller = next(_smaller(write_spec(spec), errors[0].place), None)
        if smaller is None:
            break
        spec = smaller
    return spec


def _smaller(document: dict, place: str) -> Iterator[Spec]:
    """Without what stands at the place or around it, or with a part in its stead."""
    steps = place.split("/")[1:]
    for n in reversed(range(len(steps))):
        holder: Any = document
        for step in steps[: n + 1]:
            holder = _member(holder, step)
        parts = [v for k, v in holder.items() if k != "kind"] if isinstance(holder, dict) else holder if isinstance(holder, list) else ()
        for part in (None, *parts):
            if (found := _replaced(document, steps[: n + 1], part)) is not None:
                yield found


def _member(document: Any, step: str) -> Any:
    return document[int(step)] if isinstance(document, list) else document.get(step) if isinstance(document, dict) else None


def _replaced(document: dict, steps: list[str], part: Any) -> Spec | None:
    """With a part in the place of what stands there, or without it; None when that is no spec, or no other one."""
    copy = deepcopy(document)
    holder: Any = copy
    for step in steps[:-1]:
        holder = _member(holder, step)
    key: Any = int(steps[-1]) if isinstance(holder, list) else steps[-1]
    try:
        if part is None:
            del holder[key]
        else:
            holder[key] = part
        found = read_spec(copy)
    except (KeyError, IndexError, TypeError, SpecError):
        return None
    return found if write_spec(found) != document else None


MEASURES = tuple(cls for cls in classes_in(Measured) if cls not in (Arithmetic, Ref) and not issubclass(cls, Window))
ONE_MEASURE = {"Spec": (Answer,), "Answer.query": (Select,), "Select.outputs": MEASURES}


@st.composite
def measures(draw, database: Database, table: str) -> Node:
    """A measure over the rows of one table. It compares no groups and joins nothing."""
    rng = draw(st.randoms(use_true_random=True))
    for _ in range(4):
        spec: Any = pruned(random_spec(rng, database.scope, (table,), ONE_MEASURE), database.schema)
        found = spec.query.outputs[0] if isinstance(spec, Answer) and isinstance(spec.query, Select) else None
        if found and not check(Answer(query=Select(outputs=(found,))), database.schema) and _is_of_one_table(found):
            return found
    return Aggregate(fn="count", of=Rows(table=table))


def _is_of_one_table(measure: Node) -> bool:
    taken = [node for node in within(measure) if isinstance(node, Aggregate)]
    named = all(any(isinstance(n, Col | Rows) for n in within(a.of)) for a in taken)
    return bool(taken) and named and not any(a.at for a in taken) and not any(isinstance(n, Window) for n in within(measure))


@st.composite
def specs(draw, database: Database, wanted: Wanted = {}) -> Spec:  # noqa: B006
    """A spec over a database, right or wrong."""
    return random_spec(draw(st.randoms(use_true_random=True)), database.scope, wanted=wanted)


@st.composite
def accepted(draw, database: Database | None = None, wanted: Wanted = {}) -> tuple[Database, Any]:  # noqa: B006
    """A database, unless there is one, and a spec that the checker accepts."""
    database = database or draw(databases())
    spec = pruned(draw(specs(database, wanted)), database.schema)
    assume(not check(spec, database.schema))
    return database, spec


def answers() -> st.SearchStrategy[tuple[Database, Answer]]:
    """A database and a query over it that the checker accepts."""
    return accepted(wanted={"Spec": (Answer,)})
