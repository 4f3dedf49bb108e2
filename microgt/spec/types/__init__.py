"""The spec: a tree of frozen pydantic models. These types ARE the grammar: `grammar.py` derives the decoder's rules from them.

    Spec       = Answer(query, view) | Clarify(readings) | Edit(answer) | Unanswerable(reason)
    Query      = Select | SetOperation(op, left, right)
    Output     = Expr | TimeBucket | Bin | Measure | Window
    Expr       = Col | Value | Arithmetic | DatePart | DateDiff | Inner
    Measure    = Aggregate | Percentile | Ratio | Arithmetic of measures
    Window     = RunningTotal | Moving | Prior | Delta | PercentChange | Share | Rank | Overall, of a measure or of a window
    Predicate  = And | Or | Not | Compare | Between | In | InQuery | Like | IsNull | InPeriod
    Operand    = Expr | TimeBucket | Bin | Measure | Window | Ref | Query (one value)
    Period     = Previous | This | Last | ToDate | At | Absolute
    View       = TableView | NumberView | Chart | Forecast

No measure in outputs, sort or having means plain rows (joins keep their multiplicity); a measure means grouping by the fields
and `by`. Joins are never written: they are the smallest tree of keys that connects the columns used.

In JSON a column is a plain string (`"orders.amount"`), a number is a number, text is `{"value": "EU"}`; everything else is an
object with its `kind`.

node.py          the base class, the leaves that point into the graph, how the members of a union are told apart
expressions.py   columns, values, what is computed from them, measures
windows.py       measures taken from several groups of the result
periods.py       spans of time
predicates.py    conditions
queries.py       query blocks, their clauses, set operations
unions.py        what may stand where; completes the models, which hold each other
specs.py         views and whole specs

How a type becomes actions (see `grammar.py`) is said by `layout`:
  variants  one rule for each combination of enum member, list length and optional field present
  clauses   one rule for each combination of enum member and `opening` field; other optional fields and further list items follow as
            tagged clauses in field order, closed by `end`
"""

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
from microgt.spec.types.node import ColumnId, Grain, Node, OutputIndex, Pointer, Scalar, TableId
from microgt.spec.types.periods import Absolute, At, Last, Period, Previous, This, ToDate
from microgt.spec.types.predicates import And, Between, Compare, In, InPeriod, InQuery, IsNull, Like, Not, Or
from microgt.spec.types.queries import Join, Limit, Link, Select, SetOperation, Sort, Through
from microgt.spec.types.specs import SPEC, Answer, Chart, Clarify, Edit, Forecast, NumberView, Spec, TableView, Unanswerable, View
from microgt.spec.types.unions import Counted, Grouping, Key, Measured, Operand, Output, Predicate, Query
from microgt.spec.types.windows import Delta, Moving, Overall, PercentChange, Prior, Rank, RunningTotal, Share, TimeWindow, Window

__all__ = [
    "Pointer",
    "TableId",
    "ColumnId",
    "Scalar",
    "Grain",
    "OutputIndex",
    "Node",
    "Col",
    "Value",
    "Arithmetic",
    "DatePart",
    "DateDiff",
    "TimeBucket",
    "Bin",
    "Inner",
    "Ref",
    "Rows",
    "Aggregate",
    "Percentile",
    "Ratio",
    "RunningTotal",
    "Moving",
    "Prior",
    "Delta",
    "PercentChange",
    "Share",
    "Rank",
    "Overall",
    "TimeWindow",
    "Window",
    "Previous",
    "This",
    "Last",
    "ToDate",
    "At",
    "Absolute",
    "Period",
    "And",
    "Or",
    "Not",
    "Compare",
    "Between",
    "In",
    "InQuery",
    "Like",
    "IsNull",
    "InPeriod",
    "Sort",
    "Limit",
    "Link",
    "Through",
    "Join",
    "Select",
    "SetOperation",
    "TableView",
    "NumberView",
    "Chart",
    "Forecast",
    "View",
    "Answer",
    "Clarify",
    "Edit",
    "Unanswerable",
    "Spec",
    "SPEC",
    "Query",
    "Operand",
    "Output",
    "Grouping",
    "Key",
    "Measured",
    "Counted",
    "Predicate",
]
