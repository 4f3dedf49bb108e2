"""The whole spec: a query and how to show its result, or why there is none."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import TypeAdapter

from microgt.spec.types.expressions import Ref
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


View = union(TableView, NumberView, Chart)


class Answer(Node):
    """A query and how to show it."""

    sees_outputs: ClassVar = ("view",)
    kind: Literal["answer"] = "answer"
    query: Query
    view: View = TableView()


class Unanswerable(Node):
    """Why the question cannot be answered from this database."""

    kind: Literal["unanswerable"] = "unanswerable"
    reason: Literal["no_column", "no_value", "no_path", "out_of_scope"]


Spec = union(Answer, Unanswerable)
SPEC = TypeAdapter(Spec)
