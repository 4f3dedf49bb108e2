"""The whole spec: a query and how to show its result, or what to ask back, or why there is none."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, TypeAdapter

from microgt.spec.types.expressions import Ref, Value
from microgt.spec.types.node import Node, union
from microgt.spec.types.unions import Query


class TableView(Node):
    """Rows and columns."""

    kind: Literal["table"] = "table"


class NumberView(Node):
    """One number, large."""

    kind: Literal["number"] = "number"


class Chart(Node):
    """A chart of the result: x and y name outputs; color splits into series."""

    layout: ClassVar = "clauses"
    kind: Literal["chart"] = "chart"
    mark: Literal["bar", "barh", "stacked", "grouped", "line", "area", "scatter", "donut", "pie", "histogram", "heatmap"]
    x: Ref = Ref(output=0)
    y: Ref = Ref(output=1)
    color: Ref | None = None


class Forecast(Node):
    """`of` continued for `horizon` periods of the query's one time bucket, with a band that holds the value in `level` percent of cases."""

    kind: Literal["forecast"] = "forecast"
    of: Ref
    horizon: Value
    level: Literal[50, 80, 90, 95] = 80


View = union(TableView, NumberView, Chart, Forecast)


class Answer(Node):
    """A query and how to show it."""

    sees_outputs: ClassVar = ("view",)
    kind: Literal["answer"] = "answer"
    query: Query
    view: View = TableView()


class Clarify(Node):
    """A question with several readings, to be chosen from."""

    kind: Literal["clarify"] = "clarify"
    readings: tuple[Answer, ...] = Field(min_length=2, max_length=4)


class Edit(Node):
    """A change to the previous answer: what it is afterwards."""

    kind: Literal["edit"] = "edit"
    answer: Answer


class Unanswerable(Node):
    """Why the question cannot be answered from this database."""

    kind: Literal["unanswerable"] = "unanswerable"
    reason: Literal["no_column", "no_value", "no_path", "out_of_scope"]


Spec = union(Answer, Clarify, Edit, Unanswerable)
SPEC = TypeAdapter(Spec)
