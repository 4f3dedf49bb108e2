"""The variants of a database."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from microgt.errors import SpecError
from microgt.evaluation.prediction import Gold
from microgt.evaluation.variants.literals import literals_of
from microgt.evaluation.variants.play import play
from microgt.evaluation.variants.profile import Profile, read_profile
from microgt.evaluation.variants.rows import Rows
from microgt.evaluation.variants.scenario import Scenario, scenarios_of, steady_places
from microgt.evaluation.variants.style import STYLES
from microgt.evaluation.variants.write import write_database
from microgt.schema.types import Schema
from microgt.spec.importer import import_sql
from microgt.spec.types import Spec


class Variants:
    """Variants of one database that tell near misses of its gold queries apart.

    The n-th is decided by the seed, n, the database and the set of golds, and by nothing else.
    """

    def __init__(self, path: Path, schema: Schema, golds: Iterable[Gold], seed: int = 0):
        self._profile: Profile = read_profile(path, schema)
        specs = [spec for gold in sorted(golds, key=lambda g: g.id) if (spec := spec_of(gold, schema)) is not None]
        self._literals = literals_of(specs, schema)
        self._steady = frozenset(place for spec in specs for place in steady_places(spec, schema))
        self._scenarios = _distinct(scenario for spec in specs for scenario in scenarios_of(spec, schema, self._profile))
        self._seed = seed

    def write(self, number: int, path: Path) -> Path:
        """Make variant `number` (from 1) as a new DuckDB file."""
        style = STYLES[(number - 1) % len(STYLES)]
        rng = random.Random(f"{self._seed}/{number}")
        rows = Rows(self._profile, self._literals, self._steady, style, rng)
        rows.fill()
        for scenario in self._scenarios:
            patterns = scenario.patterns
            if rng.random() < style.whole:
                play(scenario, patterns[0], rows, rng)
            for _ in range(int(style.cases + rng.random())):
                play(scenario, rng.choice(patterns), rows, rng)
        write_database(path, self._profile, rows.tables)
        return path


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
