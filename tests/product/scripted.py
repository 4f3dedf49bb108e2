"""A predictor whose proposals are given, and a small shop to ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from microgt.graph import Graph, Linker, ValueNode, build_graph
from microgt.schema.types import Schema
from microgt.spec.json import read_spec
from microgt.spec.types import Spec


@dataclass(frozen=True)
class Candidate:
    """What `Scripted` proposes."""

    spec: Spec
    confidence: float
    values: tuple[ValueNode, ...] = ()
    log_prob: float = 0.0
    signs: Mapping[str, float] = field(default_factory=dict)


class Scripted:
    """Proposes the given specs whatever is asked; its graphs are real. knows: rules of the grammar beside those of answers."""

    def __init__(self, *specs: Any, confidence: float = 0.9, knows: tuple[str, ...] = ()):
        self.specs, self.confidence, self.known = specs, confidence, knows

    def graph(self, question: str, schema: Schema) -> Graph:
        return build_graph(question, schema, Linker(schema))

    def knows(self, rule: str) -> bool:
        return rule in self.known

    def attended(self, question: str, schema: Schema, spec: Spec) -> Mapping[str, Sequence[float]] | None:
        """Each word of the question is looked at more than the one before it."""
        count = len(self.graph(question, schema).words)
        shares = [2 * (i + 1) / (count * (count + 1)) for i in range(count)]
        return {"orders.amount": shares}

    def predict(self, question: str, schema: Schema) -> Sequence[Candidate]:
        values = self.graph(question, schema).values
        return [Candidate(read_spec(spec), self.confidence, values) for spec in self.specs]


def make_shop(path: Path) -> Path:
    """Customers with their orders."""
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, region VARCHAR)")
        db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), amount DOUBLE, placed DATE)")
        db.execute("INSERT INTO customers VALUES (1, 'north'), (2, 'south'), (3, 'south')")
        db.execute("INSERT INTO orders VALUES (1, 1, 20, '2024-01-05'), (2, 2, 30, '2024-02-07'), (3, 3, 50, '2024-02-09')")
    return path


AMOUNT = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
ORDERS = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}
MONTH = {"kind": "time_bucket", "grain": "month", "of": "orders.placed"}
UNKNOWN = {"query": {"outputs": ["orders.amonut"]}}


def by_region(measure: Any, **clauses: Any) -> dict[str, Any]:
    """A measure of each region, the largest first."""
    sort = [{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 1}}]
    return {"query": {"outputs": ["customers.region", measure], "sort": sort, **clauses}}
