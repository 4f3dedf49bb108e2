"""What may stand where. Expressions, predicates and queries hold each other, so their models are completed here."""

from __future__ import annotations

from microgt.spec.types.expressions import Aggregate, Arithmetic, Col, DateDiff, DatePart, Inner, Ratio, Ref, Rows, TimeBucket, Value
from microgt.spec.types.node import union
from microgt.spec.types.predicates import And, Between, Compare, In, InPeriod, InQuery, IsNull, Like, Not, Or
from microgt.spec.types.queries import Limit, Select, SetOperation, Sort
from microgt.spec.types.windows import Delta, Moving, PercentChange, Prior, Rank, RunningTotal, Share

Query = union(Select, SetOperation)
_WINDOWS = (RunningTotal, Moving, Prior, Delta, PercentChange, Share, Rank)
Operand = union(Col, Value, Arithmetic, DatePart, DateDiff, TimeBucket, Inner, Ref, Aggregate, Ratio, *_WINDOWS, Select, SetOperation)
Output = union(Col, Value, Arithmetic, DatePart, DateDiff, TimeBucket, Inner, Aggregate, Ratio, *_WINDOWS)
Grouping = union(Col, Arithmetic, DatePart, DateDiff, TimeBucket, Inner)
Key = union(Col, DatePart, TimeBucket, Inner, Ref)
Measured = union(Aggregate, Ratio, Arithmetic, Ref, *_WINDOWS)
Counted = union(Rows, Col, Value, Arithmetic, DatePart, DateDiff, Inner)
Predicate = union(And, Or, Not, Compare, Between, In, InQuery, Like, IsNull, InPeriod)

# The names above are looked up here, in the module that calls `model_rebuild`.
for _model in (Arithmetic, DateDiff, Aggregate, Ratio, *_WINDOWS, And, Or, Not, Compare, Between, In, InQuery, Like, IsNull):
    _model.model_rebuild()
for _model in (Sort, Limit, Select, SetOperation):
    _model.model_rebuild()
del _model
