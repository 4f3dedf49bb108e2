"""Windows: measures taken from several groups of the result.

Time windows run over the complete periods of the query's one time bucket, from the first group to the end of the data, apart for each
combination of the other keys: a period without rows counts as one, with zero for counts and totals and no value for other measures. A
top-level InPeriod on the bucket's
column is the range that is shown, and applies after them. Shares, ranks and overall measures are of the groups that are shown, unless a
time window stands on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from microgt.spec.types.expressions import Value
from microgt.spec.types.node import Grain, Node

if TYPE_CHECKING:  # unions of classes that hold each other: `unions.py` completes the models
    from microgt.spec.types.unions import Key, Measured


class RunningTotal(Node):
    """The total from the first period on, or from the start of the period's own `reset` unit (year to date)."""

    sees_outputs: ClassVar = ("of",)
    kind: Literal["running_total"] = "running_total"
    of: Measured
    reset: Literal["never", "week", "month", "quarter", "year"] = "never"


class Moving(Node):
    """`agg` over the last `periods` periods, this one included; the first periods take what there is."""

    sees_outputs: ClassVar = ("of",)
    kind: Literal["moving"] = "moving"
    agg: Literal["avg", "sum", "min", "max"]
    of: Measured
    periods: Value


class Prior(Node):
    """The value n units earlier."""

    sees_outputs: ClassVar = ("of",)
    kind: Literal["prior"] = "prior"
    of: Measured
    n: Value
    unit: Grain


class Delta(Node):
    """The value minus the value n units earlier."""

    sees_outputs: ClassVar = ("of",)
    kind: Literal["delta"] = "delta"
    of: Measured
    n: Value
    unit: Grain


class PercentChange(Node):
    """The change since n units earlier over the value then, as a fraction."""

    sees_outputs: ClassVar = ("of",)
    kind: Literal["percent_change"] = "percent_change"
    of: Measured
    n: Value
    unit: Grain


class Share(Node):
    """The part of the total of all groups, or of the groups with the same `within`, as a fraction."""

    sees_outputs: ClassVar = ("of", "within")
    kind: Literal["share"] = "share"
    of: Measured
    within: tuple[Key, ...] = Field(default=(), max_length=2)


class Rank(Node):
    """The place among all groups, or among the groups with the same `within`. What has no value has no rank.

    row_number: ties are broken by the keys; rank: they share a place, and places are left out after them; dense_rank: none is left out.
    """

    sees_outputs: ClassVar = ("of", "within")
    kind: Literal["rank"] = "rank"
    method: Literal["row_number", "rank", "dense_rank"]
    of: Measured
    within: tuple[Key, ...] = Field(default=(), max_length=2)
    order: Literal["desc", "asc"] = "desc"


class Overall(Node):
    """The measure over all rows, or over the rows of the groups with the same `within`: the average of one's own team.

    It is of counts, totals, averages, smallest and largest values, and of what is computed from them. An average is of the rows, not of
    the groups' averages.
    """

    sees_outputs: ClassVar = ("of", "within")
    kind: Literal["overall"] = "overall"
    of: Measured
    within: tuple[Key, ...] = Field(default=(), max_length=2)


TimeWindow = RunningTotal | Moving | Prior | Delta | PercentChange
Window = TimeWindow | Share | Rank | Overall
