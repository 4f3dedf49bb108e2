"""How the variants of a database differ from each other: the first is the most general, later ones go to extremes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What one variant is like; probabilities are of one cell or row.

    rows: of a table. values: distinct values that a column draws from. kept: cells left as in the original row. literals: drawn values that
    are literals of gold queries or lie beside them. nulls: cells without a value. orphans: references to no row, or none at all. twins:
    rows that repeat another but for its key. swapped: numbers whose sign is swapped. skew: 0 spreads references evenly over the rows
    referred to, larger numbers gather them on the first. whole: query blocks that get rows which fulfil all their conditions. cases: how
    often a block gets rows that fulfil some of its conditions. doubled: of these, the rows that are there once more. disputed: NULLs also
    where gold negates a condition or sorts; such a variant says nothing about those golds.
    """

    rows: int
    values: int
    kept: float
    literals: float
    nulls: float = 0.0
    orphans: float = 0.0
    twins: float = 0.0
    swapped: float = 0.0
    skew: float = 1.0
    whole: float = 1.0
    cases: float = 1.0
    doubled: float = 0.0
    disputed: bool = False


STYLES = (
    Style(rows=10, values=8, kept=0.4, literals=0.4, nulls=0.05, orphans=0.05, twins=0.15, whole=1.0, cases=1.0, doubled=0.3),
    Style(rows=6, values=4, kept=0.2, literals=0.4, orphans=0.1, twins=0.3, skew=2.0, whole=0.4, cases=0.3, doubled=0.2),
    Style(rows=20, values=16, kept=0.6, literals=0.3, nulls=0.02, orphans=0.1, twins=0.1, swapped=0.1, whole=1.0, cases=2.0, doubled=0.3),
    Style(
        rows=7,
        values=6,
        kept=0.0,
        literals=0.5,
        nulls=0.15,
        orphans=0.15,
        twins=0.2,
        swapped=0.3,
        skew=0.0,
        whole=0.6,
        cases=0.5,
        disputed=True,
    ),
    Style(rows=14, values=5, kept=0.2, literals=0.3, nulls=0.05, twins=0.1, skew=3.0, whole=1.0, cases=1.5, doubled=0.5),
)
