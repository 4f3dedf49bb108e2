"""A scenario played out: its rows, with the values that let the chosen conditions hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from microgt.evaluation.variants.profile import Row
from microgt.evaluation.variants.rows import Rows
from microgt.evaluation.variants.scenario import At, Cell, Scenario

_SHARED = 0.4  # of rows about which nothing is said: one that is already there


def play(scenario: Scenario, pattern: Sequence[bool], rows: Rows, rng: random.Random) -> None:
    """Add the scenario's rows. pattern: which of its conditions are to hold, as far as their columns have values for it."""
    cells: dict[Cell, Any] = {}
    for choice in scenario.choices:
        wanted = tuple(pattern[i] for i in choice.conditions)
        fitting = [v for v, truth in zip(choice.values, choice.truths, strict=True) if truth == wanted]
        if fitting:
            cells[choice.cell] = rng.choice(fitting)
    links = [*scenario.links, *(ends for i, ends in scenario.optional.items() if pattern[i])]
    _spread(cells, links)
    made: dict[At, Row] = {}
    for at in _in_order(scenario.rows, links):
        given = {column: cells[at, column] for (row, column) in cells if row == at}
        for (row, column), (target, key) in links:
            if row == at and target in made:
                astray = rng.random() < rows.style.orphans and rows.free(_table(at), column)
                given[column] = rows.absent(_table(target), key) if astray else made[target][key]
        grouped = at == scenario.copied
        if not given and not grouped and rows.tables[_table(at)] and rng.random() < _SHARED:
            made[at] = rng.choice(rows.tables[_table(at)])
        else:
            made[at] = rows.put(_table(at), given)
    _enlarge(scenario, made, links, rows, rng)
    if rng.random() < rows.style.doubled:
        _double(made, links, rows, rng)


def _table(at: At) -> str:
    return at[1].table.lower()


def _spread(cells: dict[Cell, Any], links: Sequence[tuple[Cell, Cell]]) -> None:
    """Give cells that are to be equal the value that one of them has."""
    for _ in range(len(links)):
        for a, b in links:
            if a in cells and b not in cells:
                cells[b] = cells[a]
            elif b in cells:
                cells[a] = cells[b]


def _in_order(rows: Sequence[At], links: Sequence[tuple[Cell, Cell]]) -> list[At]:
    """The rows, those referred to first as far as links go in no circle."""
    waiting, found = list(rows), []
    while waiting:
        free = [at for at in waiting if not any(a[0] == at and b[0] in waiting and b[0] != at for a, b in links)]
        chosen = free or waiting[:1]
        found += chosen
        waiting = [at for at in waiting if at not in chosen]
    return found


def _double(made: dict[At, Row], links: Sequence[tuple[Cell, Cell]], rows: Rows, rng: random.Random) -> None:
    """Repeat the rows but for their keys, sharing some: what a query shows of them is then there twice."""
    again: dict[At, Row] = {}
    for at in made:
        cells = rows.twin(_table(at), made[at])
        for (row, column), (target, key) in links:
            if row == at and target in again:
                cells[column] = again[target][key]
        again[at] = made[at] if rng.random() < _SHARED else rows.put(_table(at), cells)


def _enlarge(scenario: Scenario, made: dict[At, Row], links: Sequence[tuple[Cell, Cell]], rows: Rows, rng: random.Random) -> None:
    """Repeat the row that is counted, with the same links and group keys, until its group is of about the size asked for."""
    at = scenario.copied
    if at is None or at not in made:
        return
    kept = {column for (row, column), _ in links if row == at} | {column for row, column in scenario.keys if row == at}
    size = scenario.size + rng.choice((-1, 0, 1))
    for _ in range(size - 1):
        rows.put(_table(at), {column: made[at][column] for column in kept})
