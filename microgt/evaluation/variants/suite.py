"""The variants of a database."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from microgt.errors import SpecError
from microgt.evaluation.prediction import Gold
from microgt.evaluation.variants.literals import literals_of
from microgt.evaluation.variants.play import play
from microgt.evaluation.variants.profile import Profile, read_profile
from microgt.evaluation.variants.rows import Rows
from microgt.evaluation.variants.scenario import Scenario, scenarios_of, steady_places
from microgt.evaluation.variants.style import STYLES, Style
from microgt.evaluation.variants.write import write_database
from microgt.schema.types import Schema
from microgt.spec.importer import import_sql
from microgt.spec.types import Spec


class Variant(NamedTuple):
    """A variant as a file. silent: the ids of the golds about which it says nothing."""

    path: Path
    silent: frozenset[str] = frozenset()


class Variants:
    """Variants of one database that tell near misses of its gold queries apart.

    The n-th is decided by the seed, n, the database and the set of golds, and by nothing else.
    """

    def __init__(self, path: Path, schema: Schema, golds: Iterable[Gold], seed: int = 0):
        self._profile: Profile = read_profile(path, schema)
        ids = _by_query(golds)
        specs = [(names, spec) for names, gold in ids if (spec := spec_of(gold, schema)) is not None]
        self._literals = literals_of((spec for _, spec in specs), schema)
        self._steady = {name: places for names, spec in specs if (places := steady_places(spec, schema)) for name in names}
        self._scenarios = _distinct(scenario for _, spec in specs for scenario in scenarios_of(spec, schema, self._profile))
        self._seed = seed

    def write(self, number: int, path: Path) -> Variant:
        """Make variant `number` (from 1) as a DuckDB file; one that is already there is replaced."""
        path.unlink(missing_ok=True)
        style = STYLES[(number - 1) % len(STYLES)]
        write_database(path, self._profile, self._rows(style, random.Random(f"{self._seed}/{number}")).tables)
        return Variant(path, frozenset(self._steady if style.disputed else ()))

    def _rows(self, style: Style, rng: random.Random) -> Rows:
        steady = frozenset() if style.disputed else frozenset(chain.from_iterable(self._steady.values()))
        rows = Rows(self._profile, self._literals, steady, style, rng)
        rows.fill()
        for scenario in self._scenarios:
            patterns = scenario.patterns
            if rng.random() < style.whole:
                play(scenario, patterns[0], rows, rng)
            for _ in range(int(style.cases + rng.random())):
                play(scenario, rng.choice(patterns), rows, rng)
        return rows


def _by_query(golds: Iterable[Gold]) -> list[tuple[list[str], Gold]]:
    """Each query once, with the ids of the golds that share it (rewordings of a question do), in the order of the first id."""
    found: dict[tuple[str | None, Spec | None], tuple[list[str], Gold]] = {}
    for gold in sorted(golds, key=lambda g: g.id):
        found.setdefault((gold.sql, None if gold.sql else gold.spec), ([], gold))[0].append(gold.id)
    return list(found.values())


def _distinct(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """The scenarios without those that are like an earlier one."""
    return list({repr(scenario): scenario for scenario in scenarios}.values())


def spec_of(gold: Gold, schema: Schema) -> Spec | None:
    """The gold's spec, or what the importer makes of its SQL; None when it cannot read it."""
    if gold.spec is not None or not gold.sql:
        return gold.spec
    try:
        return import_sql(gold.sql, schema)
    except SpecError:
        return None
