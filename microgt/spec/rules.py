"""The decoder's rule table, derived from the spec types and from nothing else.

A rule is one choice of the decoder. Its `name` is its stable id: a checkpoint stores the names it was trained with.

    Compare.gt             a constructor with its enum member folded in; children follow in field order
    And/3                  ... with a list of three children
    Aggregate.sum[at]      ... with the optional field `at` present
    Select, Select.where, Select.distinct, Select.end       a `clauses` type: opening, tagged clauses, end
    Constant.2             a small constant in the place of a value

A constructor that holds one pointer and nothing else has no rule: the pointer stands for it (a column where an expression is due).
"""

from __future__ import annotations

import itertools
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from microgt.spec.types import Node, Pointer, Value, expressions, periods, predicates, queries, specs, windows

CONSTANTS: tuple[bool | int, ...] = (*range(11), 12, 20, 50, 100, True, False)


@dataclass(frozen=True, slots=True)
class Place:
    """What may stand in one position: a pointer, or one of some classes."""

    slot: str  # "Compare.left"
    pointer: Pointer | None
    classes: tuple[type[Node], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice: opens `cls` with `constants` set and `children` to come; or a clause (`clause` names its field); or `end`."""

    name: str
    cls: type[Node]
    constants: tuple[tuple[str, Any], ...] = ()
    children: tuple[tuple[str, Place], ...] = ()
    clause: str | None = None
    end: bool = False


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field as the grammar sees it: an enum with its members, or a place, or a list of places."""

    name: str
    required: bool
    default: Any
    members: tuple[Any, ...] = ()
    place: Place | None = None
    lengths: tuple[int, int] | None = None


def _unwrap(annotation: Any) -> list[Any]:
    """The members of a union with Annotated and Optional removed; pointers stay Annotated."""
    if get_origin(annotation) is typing.Annotated:
        base, *meta = get_args(annotation)
        return [annotation] if any(isinstance(m, Pointer) for m in meta) else _unwrap(base)
    if get_origin(annotation) in (typing.Union, types.UnionType):
        return [m for a in get_args(annotation) for m in _unwrap(a)]
    return [] if annotation is type(None) else [annotation]


def _place(slot: str, annotation: Any, metadata: list[Any]) -> Place:
    pointer = next((m for m in metadata if isinstance(m, Pointer)), None)
    members = _unwrap(annotation)
    for member in members:
        if get_origin(member) is typing.Annotated:
            pointer = next(m for m in get_args(member)[1:] if isinstance(m, Pointer))
    if pointer:
        return Place(slot, pointer, ())
    return Place(slot, None, tuple(members))


def _field_shape(cls: type[Node], name: str, info: FieldInfo) -> FieldShape:
    slot = f"{cls.__name__}.{name}"
    required, default = info.is_required(), info.get_default()
    annotation = info.annotation
    if get_origin(annotation) is typing.Literal:
        return FieldShape(name, required, default, members=get_args(annotation))
    if annotation is bool:
        return FieldShape(name, required, default, members=(False, True))
    if get_origin(annotation) is tuple:
        bounds = {type(m).__name__: getattr(m, "min_length", None) or getattr(m, "max_length", None) for m in info.metadata}
        lengths = (bounds.get("MinLen") or 0, bounds["MaxLen"] or 0)
        return FieldShape(name, required, default, place=_place(slot, get_args(annotation)[0], []), lengths=lengths)
    return FieldShape(name, required, default, place=_place(slot, annotation, info.metadata))


@cache
def fields_of(cls: type[Node]) -> tuple[FieldShape, ...]:
    """The fields of a spec type in declaration order, `kind` left out."""
    return tuple(_field_shape(cls, name, info) for name, info in cls.model_fields.items() if name != "kind")


def _options(shape: FieldShape) -> list[tuple[str, list[tuple[str, Any]], list[tuple[str, Place]]]]:
    """(name suffix, constants, children) for each way to fill a field in one rule."""
    if shape.members:
        if shape.required:
            return [(f".{m}", [(shape.name, m)], []) for m in shape.members]
        return [("", [], [])] + [(f"[{shape.name}={m}]", [(shape.name, m)], []) for m in shape.members if m != shape.default]
    assert shape.place is not None
    child = (shape.name, shape.place)
    if shape.lengths:
        low, high = shape.lengths
        name = f"[{shape.name}/%d]" if not shape.required else "/%d"
        return [(name % n if n else "", [], [child] * n) for n in range(low, high + 1)]
    if shape.required:
        return [("", [], [child])]
    return [("", [], []), (f"[{shape.name}]", [], [child])]


def constructors(cls: type[Node], shapes: list[FieldShape]) -> list[Rule]:
    """One rule for each way to fill these fields of a type."""
    rules = []
    for combination in itertools.product(*(_options(s) for s in shapes)):
        name = cls.__name__ + "".join(c[0] for c in combination)
        constants = tuple(pair for c in combination for pair in c[1])
        rules.append(Rule(name, cls, constants, tuple(pair for c in combination for pair in c[2])))
    return rules


def _clauses(cls: type[Node]) -> list[Rule]:
    rules = []
    for shape in clause_fields(cls):
        name = f"{cls.__name__}.{shape.name}"
        if shape.members == (False, True):
            rules.append(Rule(name, cls, ((shape.name, True),), clause=shape.name))
        elif shape.members:
            others = [m for m in shape.members if m != shape.default]
            rules += [Rule(f"{name}={m}", cls, ((shape.name, m),), clause=shape.name) for m in others]
        else:
            assert shape.place is not None
            rules.append(Rule(name, cls, children=((shape.name, shape.place),), clause=shape.name))
    return [*rules, Rule(f"{cls.__name__}.end", cls, end=True)]


def clause_fields(cls: type[Node]) -> list[FieldShape]:
    """The fields of a `clauses` type that come as tagged clauses: optional ones, and required lists (their further items)."""
    return [s for s in fields_of(cls) if s.name not in cls.opening and (not s.required or s.lengths)]


def _opening_shapes(cls: type[Node]) -> list[FieldShape]:
    """Enums and `opening` fields first, then the required fields, a list counting as its first item."""
    early = [s for s in fields_of(cls) if s.name in cls.opening or (s.required and s.members)]
    rest = [s for s in fields_of(cls) if s.required and not s.members]
    return early + [FieldShape(s.name, True, None, place=s.place) for s in rest]


def inlined(rule: Rule) -> Pointer | None:
    """The pointer that stands for this constructor, if it holds one pointer and nothing else."""
    if rule.cls is Value:
        return Pointer.VALUE
    if rule.cls.layout == "variants" and not rule.constants and len(rule.children) == 1:
        return rule.children[0][1].pointer
    return None


@cache
def pointer_forms(cls: type[Node]) -> tuple[Rule, ...]:
    """The constructor of `cls` that a bare pointer stands for, as a tuple of at most one."""
    if cls.layout == "clauses":
        return ()
    if cls is Value:
        return (Rule("Value", Value, children=(("value", Place("Value.value", Pointer.VALUE, ())),)),)
    return tuple(r for r in constructors(cls, list(fields_of(cls))) if inlined(r))


def rules_of(cls: type[Node]) -> list[Rule]:
    """All rules of one spec type."""
    if cls is Value:
        return [Rule(f"Constant.{c}", Value, (("value", c),)) for c in CONSTANTS]
    if cls.layout == "clauses":
        return constructors(cls, _opening_shapes(cls)) + _clauses(cls)
    return [r for r in constructors(cls, list(fields_of(cls))) if inlined(r) is None]


def all_classes() -> list[type[Node]]:
    """Every concrete spec type, topic by topic and in declaration order. The ids of rules follow this order."""
    topics = (expressions, windows, periods, predicates, queries, specs)
    return [m for topic in topics for m in vars(topic).values() if _declared_in(topic, m)]


def _declared_in(topic: types.ModuleType, member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, Node) and member.__module__ == topic.__name__


def classes_in(annotation: Any) -> tuple[type[Node], ...]:
    """The concrete types of a union such as `types.Query`."""
    return tuple(_unwrap(annotation))
