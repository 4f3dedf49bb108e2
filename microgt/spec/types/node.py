"""What all spec types share: the base class, the leaves that point into the graph, and unions told apart by `kind`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, GetJsonSchemaHandler, Strict, Tag, model_serializer
from pydantic_core import core_schema


class Pointer(Enum):
    """What a leaf points at in the graph."""

    TABLE = "table"
    COLUMN = "column"
    VALUE = "value"


TableId = Annotated[str, Pointer.TABLE]
ColumnId = Annotated[str, Pointer.COLUMN]
Scalar = bool | int | float | str
Flag = Annotated[bool, Strict()]
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


_TOLD_BY = {"outputs": "select", "column": "col", "value": "value", "query": "answer"}  # kinds that a field tells


def kind_of_json(data: Any) -> str | None:
    """The discriminator, which also understands the JSON shorthands."""
    if isinstance(data, str):
        return "col"
    if isinstance(data, bool | int | float):
        return "value"
    if isinstance(data, dict):
        return data["kind"] if "kind" in data else next((kind for key, kind in _TOLD_BY.items() if key in data), None)
    return getattr(data, "kind", None)


@dataclass(frozen=True)
class _Apart:
    """JSON Schema of a union: its members are told apart as `kind_of_json` does it, by their kind before anything else of them."""

    kinds: tuple[str, ...]

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict:
        found = handler(schema)
        return found | {"oneOf": [self._member(member, kind) for member, kind in zip(found["oneOf"], self.kinds, strict=True)]}

    @staticmethod
    def _member(member: dict, kind: str) -> dict:
        if kind == "value":
            return member | {"not": {"type": "string"}}  # text is a column where both may stand
        if kind in _TOLD_BY.values():
            return member
        return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": member, "else": False}


def union(*members: type[Node]) -> Any:
    """One of these types, told apart by `kind`."""
    kinds = tuple(get_args(m.model_fields["kind"].annotation)[0] for m in members)
    tagged: tuple[Any, ...] = tuple(Annotated[m, Tag(kind)] for m, kind in zip(members, kinds, strict=True))
    whole = tagged[0]
    for member in tagged[1:]:
        whole = whole | member
    return Annotated[whole, Discriminator(kind_of_json), _Apart(kinds)]
