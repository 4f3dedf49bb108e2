"""Questions written about the database with all that a description has, told about each database that was drawn from it."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from typing import Any

from microgt.data.demo.source import read_questions, written_databases
from microgt.data.example import Example
from microgt.data.generator.generate import has_answer
from microgt.data.generator.variation import vary
from microgt.data.invented.design import ColumnDesign, Design, plain
from microgt.data.invented.domain import Field, read_domain
from microgt.data.robustness.pointers import repointed
from microgt.schema.types import Schema
from microgt.spec import check
from microgt.spec.types import Answer, Col, Compare, In, Node, Spec, Value
from microgt.spec.walk import rebuilt

SPLIT = "invented"  # of the written questions
_TRIES = 3


def retold(made: Design, schema: Schema, run: Callable[[str], Any], seed: int, split: str = "written") -> Iterator[Example]:
    """The questions of its kind of organisation that a database can answer, about other values where it does not have theirs.

    run: executes SQL and returns rows.
    """
    domain = made.name.rpartition("_")[0]
    rng = random.Random(f"{made.name}:{seed}:written")
    told = Retold(plain(read_domain(domain)), made)
    for example in asked(made.name):
        assert example.spec is not None
        spec = told.spec(example.spec)
        if spec is None:
            continue
        found = dataclasses.replace(example, id=f"{made.name}_{example.id}", db=made.name, spec=spec, split=split)
        if kept := _answered(found, schema, run, rng):
            yield kept


def asked(db: str) -> list[Example]:
    """What was written about the kind of organisation of a database; nothing where nothing was."""
    domain = db.rpartition("_")[0]
    return read_questions(SPLIT, domain) if domain in written_databases(SPLIT) else []


def _answered(example: Example, schema: Schema, run: Callable[[str], Any], rng: random.Random) -> Example | None:
    """The question, else about other values, as long as it has an answer; now and then about others anyway."""
    found: Example | None = vary(example, schema, rng) or example if rng.random() < 0.5 else example
    for _ in range(_TRIES):
        if found and found.spec and not check(found.spec, schema) and (_known(found.spec, schema, run)):
            return found
        found = vary(example, schema, rng)
    return None


def _known(spec: Spec, schema: Schema, run: Callable[[str], Any]) -> bool:
    return not isinstance(spec, Answer) or has_answer(spec, schema, run)


class Retold:
    """Specs about one database of an organisation as specs about another."""

    def __init__(self, old: Design, new: Design):
        tables = {t.of.name: t for t in new.tables}
        self._tables = {t.name: tables[t.of.name].name for t in old.tables if t.of.name in tables}
        self._columns: dict[str, str] = {}
        self._stored: dict[str, dict[str, str]] = {}
        for before in old.tables:
            after = tables.get(before.of.name)
            if after is None:
                continue
            self._columns[f"{before.name}.{before.key}"] = f"{after.name}.{after.key}"
            there: dict[Field, ColumnDesign] = {c.of: c for c in after.columns}
            for column in before.columns:
                if found := there.get(column.of):
                    id = self._columns[f"{before.name}.{column.name}"] = f"{after.name}.{found.name}"
                    self._stored[id] = found.stored

    def spec(self, spec: Spec) -> Spec | None:
        """None where the other database lacks something."""
        try:
            moved = repointed(spec, self._tables.__getitem__, self._columns.__getitem__)
        except KeyError:
            return None
        return rebuilt(moved, self._valued)

    def _valued(self, node: Node) -> Node:
        """Comparisons with values as the other database stores them."""
        match node:
            case Compare(left=Col() as left, right=Value() as right):
                return node.model_copy(update={"right": self._value(left, right)})
            case In(of=Col() as of):
                return node.model_copy(update={"values": tuple(self._value(of, v) for v in node.values)})
        return node

    def _value(self, of: Col, value: Value) -> Value:
        stored = self._stored.get(of.column, {})
        if not stored:
            return value
        if isinstance(value.value, bool):
            return Value(value="Y" if value.value else "N")
        text = str(value.value)
        return Value(value=stored.get(text, stored.get(text.lower(), text)))
