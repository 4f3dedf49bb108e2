"""Specs as action sequences: what the decoder emits, and which actions are legal next.

Depth first, left to right. An action picks a rule or points at a table, a column or a value of the `Scope` (the nodes of a graph).
Ids of rules are positions in `Grammar.rules`, names are stable across versions.

rules.py        the rules, derived from the spec types
actions.py      what a step is, and what it can point at
rule_table.py   the rules with their ids: what each costs, and where it is legal
derivation.py   a tree that is being built, one action after another
grammar.py      the passage between trees and actions
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any, get_origin

from microgt.errors import GrammarError
from microgt.spec.actions import KIND_OF, MAX_ACTIONS, Action, ActionKind, Legal, Scope
from microgt.spec.derivation import Derivation
from microgt.spec.rule_table import Item, RuleTable
from microgt.spec.rules import CONSTANTS, Place, Rule, clause_fields, fields_of, inlined, pointer_forms
from microgt.spec.types import Node, Pointer, Spec, Value

VERSION = 1


class Grammar(RuleTable):
    """The passage between trees and actions."""

    version = VERSION

    def start(self) -> Derivation:
        """The empty derivation."""
        item = Item(self.root, None, parent=-1, depth=0, refs=0, inners=0)
        return Derivation(self, (item, None), (), self.cost(item), 0)

    # -------------------------------------------------------------- tree -> actions

    def encode(self, spec: Spec, scope: Scope) -> list[Action]:
        """The actions that build `spec`. Raises `GrammarError` when an id or a value has no node in the scope."""
        return list(self._encode(spec, scope))

    def _encode(self, node: Node, scope: Scope) -> Iterator[Action]:
        if isinstance(node, Value):
            yield self._encode_value(node, scope)
            return
        if node.layout == "clauses":
            yield from self._encode_clauses(node, scope)
            return
        children = _filled(node)
        name = _constructor_name(node)
        for rule in pointer_forms(type(node)):
            if rule.name == name:
                yield self._point(rule.children[0][1].pointer, children[0], scope)
                return
        yield self._apply(name)
        yield from self._encode_children(children, node, scope)

    def _encode_children(self, children: Sequence[Any], node: Node, scope: Scope) -> Iterator[Action]:
        rule = next(r for r in self._by_class[type(node)] if r.name == _constructor_name(node))
        for (_, place), child in zip(rule.children, children, strict=True):
            if place.pointer:
                yield self._point(place.pointer, child, scope)
            else:
                yield from self._encode(child, scope)

    def _encode_clauses(self, node: Node, scope: Scope) -> Iterator[Action]:
        rule = next(r for r in self._by_class[type(node)] if not r.clause and not r.end and _opens(r, node))
        yield Action(ActionKind.RULE, self._ids[rule])
        for name, place in rule.children:
            child = getattr(node, name)
            yield from self._encode_one(place, child[0] if isinstance(child, tuple) else child, scope)
        for shape in clause_fields(type(node)):
            value = getattr(node, shape.name)
            if shape.lengths:
                for item in value[1 if shape.required else 0 :]:
                    yield self._apply(f"{type(node).__name__}.{shape.name}")
                    yield from self._encode_one(shape.place, item, scope)
            elif value != shape.default:
                suffix = f"={value}" if shape.members and shape.members != (False, True) else ""
                yield self._apply(f"{type(node).__name__}.{shape.name}{suffix}")
                if shape.place:
                    yield from self._encode_one(shape.place, value, scope)
        yield self._apply(f"{type(node).__name__}.end")

    def _encode_one(self, place: Place | None, child: Any, scope: Scope) -> Iterator[Action]:
        assert place is not None
        if place.pointer:
            yield self._point(place.pointer, child, scope)
        else:
            yield from self._encode(child, scope)

    def _encode_value(self, node: Value, scope: Scope) -> Action:
        """A value of the scope, else a constant, else a value of the scope that says the same in another type or case."""
        exact = scope.find_exact(node.value)
        if exact is not None:
            return Action(ActionKind.VALUE, exact)
        for constant in CONSTANTS:
            if type(constant) is type(node.value) and constant == node.value:
                return self._apply(f"Constant.{constant}")
        found = scope.find(Pointer.VALUE, node.value)
        if found is not None:
            return Action(ActionKind.VALUE, found)
        raise GrammarError(f"the value {node.value!r} is neither a node of the graph nor a constant")

    def _point(self, pointer: Pointer | None, name: str, scope: Scope) -> Action:
        assert pointer is not None
        found = scope.find(pointer, name)
        if found is None:
            raise GrammarError(f"the {pointer.value} {name!r} is not a node of the graph")
        return Action(KIND_OF[pointer], found)

    @cached_property
    def _ids_by_name(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.rules)}

    def _apply(self, name: str) -> Action:
        return Action(ActionKind.RULE, self._ids_by_name[name])

    # -------------------------------------------------------------- actions -> tree

    def decode(self, actions: Sequence[Action], scope: Scope) -> Spec:
        """The tree that the actions build. Raises `GrammarError` when they are not one complete legal derivation."""
        derivation = self.start()
        for action in actions:
            derivation = derivation.push(action)
        return self.tree(derivation, scope)

    def tree(self, derivation: Derivation, scope: Scope) -> Spec:
        """The tree of a derivation. Raises `GrammarError` when it is not complete."""
        if not derivation.done:
            raise GrammarError(f"the derivation is not complete after {len(derivation.actions)} actions")
        return self._build(self.root, iter(derivation.actions), scope)

    def _build(self, place: Place, actions: Iterator[Action], scope: Scope) -> Any:
        action = next(actions)
        if action.kind is not ActionKind.RULE:
            return self._build_pointer(place, action, scope)
        rule = self._rules[action.index]
        fields: dict[str, Any] = dict(rule.constants)
        self._fill(fields, rule, actions, scope)
        while rule.cls.layout == "clauses":
            clause = self._rules[next(actions).index]
            if clause.end:
                break
            fields.update(clause.constants)
            self._fill(fields, clause, actions, scope)
        return rule.cls(**fields)

    def _fill(self, fields: dict[str, Any], rule: Rule, actions: Iterator[Action], scope: Scope) -> None:
        lists = _lists(rule.cls)
        for name, place in rule.children:
            child = self._build(place, actions, scope)
            fields[name] = (*fields.get(name, ()), child) if name in lists else child

    def _build_pointer(self, place: Place, action: Action, scope: Scope) -> Any:
        names = {ActionKind.TABLE: scope.tables, ActionKind.COLUMN: scope.columns, ActionKind.VALUE: scope.values}[action.kind]
        if not 0 <= action.index < len(names):
            raise GrammarError(f"no {action.kind.name.lower()} number {action.index}; there are {len(names)}")
        name = names[action.index]
        if place.pointer:
            return name
        if action.kind is ActionKind.VALUE:
            return Value(value=name)
        for cls in place.classes:
            for rule in pointer_forms(cls):
                if KIND_OF.get(inlined(rule)) is action.kind:  # type: ignore[arg-type]
                    return cls(**{rule.children[0][0]: name})
        raise GrammarError(f"a {action.kind.name.lower()} cannot stand at {place.slot}")


@cache
def _lists(cls: type[Node]) -> frozenset[str]:
    """The fields that hold several children."""
    return frozenset(name for name, info in cls.model_fields.items() if get_origin(info.annotation) is tuple)


def _filled(node: Node) -> list[Any]:
    """The children of a `variants` node that its rule announces, lists flattened."""
    children: list[Any] = []
    for shape in fields_of(type(node)):
        value = getattr(node, shape.name)
        if shape.members:
            continue
        if shape.lengths:
            children += value
        elif shape.required or value != shape.default:
            children.append(value)
    return children


def _constructor_name(node: Node) -> str:
    name = type(node).__name__
    for shape in fields_of(type(node)):
        value = getattr(node, shape.name)
        if shape.members:
            name += f".{value}" if shape.required else f"[{shape.name}={value}]" if value != shape.default else ""
        elif shape.lengths:
            name += f"/{len(value)}" if shape.required else f"[{shape.name}/{len(value)}]" if value else ""
        elif not shape.required and value != shape.default:
            name += f"[{shape.name}]"
    return name


def _opens(rule: Rule, node: Node) -> bool:
    """Whether this opening rule of a `clauses` type fits the node."""
    constants = all(getattr(node, name) == value for name, value in rule.constants)
    present = {name for name, _ in rule.children}
    return constants and all((getattr(node, name) is not None) == (name in present) for name in type(node).opening)


GRAMMAR = Grammar()

__all__ = ["GRAMMAR", "MAX_ACTIONS", "Action", "ActionKind", "Derivation", "Grammar", "Legal", "Scope"]
