"""The embedded databases among thousands of other tables: how far a question still finds its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from microgt.data.demo.source import SEEN, UNSEEN, DemoSource
from microgt.data.example import Example
from microgt.data.robustness.distractors import TABLES, distractor
from microgt.errors import MissingExtra
from microgt.graph import Graph
from microgt.model.proposer import Proposer
from microgt.schema.types import ForeignKey, Schema, Table
from microgt.spec.types import Col, Rows
from microgt.spec.walk import walk

# What other tables of the same shape are called by: departments, layers of a warehouse, copies.
_PREFIXES = (
    *("archive", "staging", "legacy", "draft", "audit", "sandbox", "partner", "wholesale", "franchise", "export", "import", "forecast"),
    *("budget", "test", "backup", "history", "snapshot", "daily", "weekly", "monthly", "regional", "european", "asian", "american"),
    *("internal", "external", "planned", "closed", "open", "raw", "clean", "merged", "rejected", "migrated", "temporary", "shadow"),
    *("replica", "reporting", "finance", "logistics", "marketing", "support", "training", "vendor", "compliance", "research"),
)


@dataclass(frozen=True)
class Wide:
    """A schema of so many columns, and the questions of the embedded databases that it can answer."""

    columns: int
    schema: Schema
    examples: Sequence[Example]


def widened(source: DemoSource, db: str, columns: int, examples: Sequence[Example]) -> Wide:
    """The tables of `db`, as many as fit, and others of the same shape between them until there are so many columns.

    The others are copies of the tables of all embedded databases with their keys, and of tables that databases of companies have, with a
    word before their names: they share all their columns' names with what is asked about.
    """
    own = source.schema(db)
    tables = list(itertools.takewhile(_within(columns), own.tables))
    free = columns - sum(len(t.columns) for t in tables)
    for place, other in enumerate(_others(source)):
        if free <= 0:
            break
        cut = replace(other, columns=other.columns[:free])
        free -= len(cut.columns)
        tables.insert((7 * place) % (len(tables) + 1), cut)
    kept = {c.id for t in tables for c in t.columns}
    keys = tuple(k for k in (*own.keys, *_other_keys(source)) if k.column in kept and k.target in kept)
    values = {name: v for name, v in own.values.items() if name in kept}
    schema = replace(own, tables=tuple(tables), keys=keys, values=values)
    fitting = [e for e in examples if e.db == db and e.spec is not None and gold_of(e) <= {*kept, *(t.name for t in tables)}]
    return Wide(sum(len(t.columns) for t in tables), schema, fitting)


def _within(columns: int) -> Callable[[Table], bool]:
    """Whether tables, one after the other, still fit."""
    total = 0

    def fits(table: Table) -> bool:
        nonlocal total
        total += len(table.columns)
        return total <= columns

    return fits


def _embedded(source: DemoSource) -> Iterator[Schema]:
    for db in (*SEEN, *UNSEEN):
        with suppress(MissingExtra):  # flights
            yield source.schema(db)


def _other_keys(source: DemoSource) -> Iterator[ForeignKey]:
    for prefix, schema in itertools.product(_PREFIXES, list(_embedded(source))):
        for key in schema.keys:
            yield ForeignKey(f"{prefix}_{key.column}", f"{prefix}_{key.target}")


def _others(source: DemoSource) -> Iterator[Table]:
    shapes = [distractor(name)[0] for name in TABLES]
    shapes += [table for schema in _embedded(source) for table in schema.tables]
    for prefix, table in itertools.product(_PREFIXES, shapes):
        name = f"{prefix}_{table.name}"
        columns = tuple(replace(c, table=name, primary=False) for c in table.columns)
        yield Table(name, (prefix, *table.words), columns)


def gold_of(example: Example) -> set[str]:
    """The tables and columns that the gold spec names."""
    assert example.spec is not None
    nodes = [node for _, node in walk(example.spec)]
    return {n.column for n in nodes if isinstance(n, Col)} | {n.table for n in nodes if isinstance(n, Rows)}


def recall(proposer: Proposer, wide: Wide) -> float:
    """The share of the questions whose gold columns and tables are all in the graph that the model reads."""
    return float(np.mean([_found(proposer.graph(e.question, wide.schema), e) for e in wide.examples]))


def _found(graph: Graph, example: Example) -> bool:
    return gold_of(example) <= {*graph.tables, *graph.columns}
