"""What all spec types share: the base class, the leaves that point into the graph, and unions told apart by `kind`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Tag, model_serializer


class Pointer(Enum):
    """What a leaf points at in the graph."""

    TABLE = "table"
    COLUMN = "column"
    VALUE = "value"


TableId = Annotated[str, Pointer.TABLE]
ColumnId = Annotated[str, Pointer.COLUMN]
Scalar = bool | int | float | str
Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
OutputIndex = Literal[0, 1, 2, 3, 4, 5, 6, 7]


class Node(BaseModel):
    """Base of all spec types."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    layout: ClassVar[Literal["variants", "clauses"]] = "variants"
    opening: ClassVar[tuple[str, ...]] = ()  # optional fields of a `clauses` type that are decided first
    sees_outputs: ClassVar[tuple[str, ...]] = ()  # fields in which `Ref` may name this query's outputs so far

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler) -> Any:
        fields = type(self).model_fields
        return {k: v for k, v in handler(self).items() if k == "kind" or getattr(self, k) != fields[k].default}


def kind_of_json(data: Any) -> str | None:
    """The discriminator, which also understands the JSON shorthands."""
    if isinstance(data, str):
        return "col"
    if isinstance(data, bool | int | float):
        return "value"
    if isinstance(data, dict):
        if "kind" in data:
            return data["kind"]
        return next(
            (kind for key, kind in (("outputs", "select"), ("column", "col"), ("value", "value"), ("query", "answer")) if key in data), None
        )
    return getattr(data, "kind", None)


def union(*members: type[Node]) -> Any:
    """One of these types, told apart by `kind`."""
    tagged: tuple[Any, ...] = tuple(Annotated[m, Tag(get_args(m.model_fields["kind"].annotation)[0])] for m in members)
    whole = tagged[0]
    for member in tagged[1:]:
        whole = whole | member
    return Annotated[whole, Discriminator(kind_of_json)]
