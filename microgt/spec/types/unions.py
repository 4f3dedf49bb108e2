"""What may stand where. Expressions, predicates and queries hold each other, so their models are completed here."""

from __future__ import annotations

from microgt.spec.types.expressions import (
    Aggregate,
    Arithmetic,
    Bin,
    Col,
    DateDiff,
    DatePart,
    Inner,
    Percentile,
    Ratio,
    Ref,
    Rows,
    TimeBucket,
    Value,
)
from microgt.spec.types.node import union
from microgt.spec.types.predicates import And, Between, Compare, In, InPeriod, InQuery, IsNull, Like, Not, Or
from microgt.spec.types.queries import Limit, Select, SetOperation, Sort
from microgt.spec.types.windows import Delta, Moving, Overall, PercentChange, Prior, Rank, RunningTotal, Share

AnyCol = union(Col, Inner)
Query = union(Select, SetOperation)
_WINDOWS = (RunningTotal, Moving, Prior, Delta, PercentChange, Share, Rank, Overall)
_MEASURES = (Aggregate, Percentile, Ratio, *_WINDOWS)
Operand = union(Col, Value, Arithmetic, DatePart, DateDiff, TimeBucket, Bin, Inner, Ref, *_MEASURES, Select, SetOperation)
Output = union(Col, Value, Arithmetic, DatePart, DateDiff, TimeBucket, Bin, Inner, *_MEASURES)
Grouping = union(Col, Arithmetic, DatePart, DateDiff, TimeBucket, Bin, Inner)
Key = union(Col, DatePart, TimeBucket, Bin, Inner, Ref)
Measured = union(Arithmetic, Ref, *_MEASURES)
Counted = union(Rows, Col, Value, Arithmetic, DatePart, DateDiff, Inner)
Predicate = union(And, Or, Not, Compare, Between, In, InQuery, Like, IsNull, InPeriod)

# The names above are looked up here, in the module that calls `model_rebuild`.
for _model in (Arithmetic, DatePart, DateDiff, TimeBucket, Bin, *_MEASURES):
    _model.model_rebuild()
for _model in (And, Or, Not, Compare, Between, In, InQuery, Like, IsNull, InPeriod):
    _model.model_rebuild()
for _model in (Sort, Limit, Select, SetOperation):
    _model.model_rebuild()
del _model
