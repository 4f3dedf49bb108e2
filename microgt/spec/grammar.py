"""Specs as action sequences: what the decoder emits, and which actions are legal next.

Depth first, left to right. An action picks a rule or points at a table, a column or a value of the `Scope` (the nodes of a graph).
The rule table comes from `rules.py`; ids are positions in `Grammar.rules`, names are stable across versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from microgt.errors import GrammarError
from microgt.spec.rules import CONSTANTS, Place, Rule, all_classes, classes_in, clause_fields, constructors, fields_of, inlined, rules_of
from microgt.spec.types import Inner, Node, Pointer, Query, Ref, Scalar, Select, Spec, Value

VERSION = 1
MAX_ACTIONS = 96
_QUERIES = classes_in(Query)


class ActionKind(IntEnum):
    """What an action's index counts."""

    RULE = 0
    TABLE = 1
    COLUMN = 2
    VALUE = 3


_KIND_OF = {Pointer.TABLE: ActionKind.TABLE, Pointer.COLUMN: ActionKind.COLUMN, Pointer.VALUE: ActionKind.VALUE}


class Action(NamedTuple):
    """One decoding step: a rule id, or an index into the scope's tables, columns or values."""

    kind: ActionKind
    index: int


class Legal(NamedTuple):
    """What may come next. Interned: equal sets are one object, so that masks can be cached by it."""

    rules: tuple[int, ...]
    pointers: frozenset[ActionKind]


@dataclass(frozen=True)
class Scope:
    """What pointers can name: ids of tables and columns, and literal values."""

    tables: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[Scalar, ...] = ()

    @cached_property
    def index(self) -> dict[tuple[Pointer, Any], int]:
        """(pointer, id or normal form of a value) -> position; the first of equals wins."""
        found: dict[tuple[Pointer, Any], int] = {}
        for pointer, names in ((Pointer.TABLE, self.tables), (Pointer.COLUMN, self.columns)):
            for i, name in enumerate(names):
                found.setdefault((pointer, name), i)
        for form in _value_forms:
            for i, value in enumerate(self.values):
                found.setdefault((Pointer.VALUE, form(value)), i)
        return found

    def find(self, pointer: Pointer, name: Scalar) -> int | None:
        """The position of an id or a value; values match exactly, then as numbers, then without regard to case."""
        if pointer is not Pointer.VALUE:
            return self.index.get((pointer, name))
        return next((i for form in _value_forms if (i := self.index.get((pointer, form(name)))) is not None), None)


def _exact(value: Scalar) -> tuple[str, Any]:
    return type(value).__name__, value


def _number(value: Scalar) -> tuple[str, Any]:
    try:
        return "number", float(value)
    except ValueError:
        return "", value


def _casefold(value: Scalar) -> tuple[str, Any]:
    return "text", str(value).casefold().strip()


_value_forms = (_exact, _number, _casefold)


class Item(NamedTuple):
    """A position that is still to be filled."""

    place: Place | None  # None: the clauses of `owner`
    owner: type[Node] | None
    parent: int
    depth: int
    refs: int  # outputs that `Ref` may name here
    inners: int  # outputs that `Inner` may name here
    first_clause: int = 0  # clauses before this index are over
    items: int = 1  # items so far in the current list clause
    outputs: int = 0  # outputs of the query being built


_Stack = tuple[Item, "_Stack"] | None


class Grammar:
    """The rule table and the passage between trees and actions."""

    version = VERSION

    def __init__(self) -> None:
        self._rules: tuple[Rule, ...] = tuple(dict.fromkeys(r for cls in all_classes() for r in rules_of(cls)))
        self.rules: tuple[str, ...] = tuple(r.name for r in self._rules)
        self.root = Place("Spec", None, classes_in(Spec))
        self._ids: dict[Rule, int] = {r: i for i, r in enumerate(self._rules)}
        self._by_class: dict[type[Node], list[Rule]] = {}
        for rule in self._rules:
            self._by_class.setdefault(rule.cls, []).append(rule)
        places = [self.root, *(p for r in self._rules for _, p in r.children)]
        places += [p for c in all_classes() for r in _pointer_forms(c) for _, p in r.children]
        clause_slots = [f"{cls.__name__}.clauses" for cls in all_classes() if cls.layout == "clauses"]
        self.slots: tuple[str, ...] = tuple(dict.fromkeys([*(p.slot for p in places), *clause_slots]))
        self._slot_ids = {name: i for i, name in enumerate(self.slots)}
        self._cost = self._least_actions()

    def rule(self, index: int) -> Rule:
        """The rule with that id."""
        return self._rules[index]

    def start(self) -> Derivation:
        """The empty derivation."""
        item = Item(self.root, None, parent=-1, depth=0, refs=0, inners=0)
        return Derivation(self, (item, None), (), self.cost(item), 0)

    # -------------------------------------------------------------- legality

    def _least_actions(self) -> dict[type[Node], int]:
        """The fewest actions that complete each class (fixed point)."""
        cost = {cls: 1 if cls is Value or _pointer_forms(cls) else MAX_ACTIONS * 4 for cls in all_classes()}
        changed = True
        while changed:
            changed = False
            for rule in self._rules:
                if rule.clause or rule.end:
                    continue
                total = 1 + sum(self._place_cost(p, cost) for _, p in rule.children) + (rule.cls.layout == "clauses")
                if total < cost[rule.cls]:
                    cost[rule.cls], changed = total, True
        return cost

    @staticmethod
    def _place_cost(place: Place, cost: dict[type[Node], int]) -> int:
        return 1 if place.pointer else min(cost[c] for c in place.classes)

    def cost(self, item: Item) -> int:
        """The fewest actions that complete this position."""
        return 1 if item.place is None else self._place_cost(item.place, self._cost)

    def rule_cost(self, rule: Rule) -> int:
        """The fewest actions that complete what this rule opens, itself not counted."""
        opened = rule.cls.layout == "clauses" and not rule.end  # the clauses position stays or comes
        return sum(self._place_cost(p, self._cost) for _, p in rule.children) + opened

    def slot_of(self, item: Item) -> int:
        """The slot id of a position."""
        if item.place is not None:
            return self._slot_ids[item.place.slot]
        assert item.owner is not None
        return self._slot_ids[f"{item.owner.__name__}.clauses"]

    def legal_at(self, item: Item, spare: int) -> Legal:
        """Legal actions at a position when `spare` actions more than the fewest are left."""
        if item.place is None:
            assert item.owner is not None
            clause = (item.first_clause, item.items)
            return self._legal_clauses(item.owner, clause, min(spare, MAX_ACTIONS))
        return self._legal_place(item.place, item.refs, item.inners, min(spare, MAX_ACTIONS))

    @lru_cache(maxsize=100_000)  # noqa: B019  (one grammar lives as long as the process)
    def _legal_place(self, place: Place, refs: int, inners: int, spare: int) -> Legal:
        if place.pointer:
            return _intern(Legal((), frozenset({_KIND_OF[place.pointer]})))
        base = self._place_cost(place, self._cost)
        rules, pointers = [], set()
        for cls in place.classes:
            pointers |= {_KIND_OF[p] for r in _pointer_forms(cls) if (p := inlined(r))}
            for rule in self._by_class.get(cls, []):
                bound = {Ref: refs, Inner: inners}.get(cls)
                hidden = bound is not None and dict(rule.constants)["output"] >= bound
                if not (rule.clause or rule.end or hidden) and 1 + self.rule_cost(rule) - base <= spare:
                    rules.append(self._ids[rule])
        return _intern(Legal(tuple(rules), frozenset(pointers)))

    @lru_cache(maxsize=100_000)  # noqa: B019
    def _legal_clauses(self, owner: type[Node], clause: tuple[int, int], spare: int) -> Legal:
        first, items = clause
        order = [s.name for s in clause_fields(owner)]
        lists = {s.name: s.lengths[1] for s in clause_fields(owner) if s.lengths}
        rules = []
        for rule in self._by_class[owner]:
            if rule.end:
                rules.append(self._ids[rule])
            elif rule.clause and order.index(rule.clause) >= first:
                at_limit = order.index(rule.clause) == first and items >= lists.get(rule.clause, 99)
                if not at_limit and 1 + sum(self._place_cost(p, self._cost) for _, p in rule.children) <= spare:
                    rules.append(self._ids[rule])
        return _intern(Legal(tuple(rules), frozenset()))

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
        for rule in _pointer_forms(type(node)):
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
        found = scope.find(Pointer.VALUE, node.value)
        if found is not None:
            return Action(ActionKind.VALUE, found)
        for constant in CONSTANTS:
            if type(constant) is type(node.value) and constant == node.value:
                return self._apply(f"Constant.{constant}")
        raise GrammarError(f"the value {node.value!r} is neither a node of the graph nor a constant")

    def _point(self, pointer: Pointer | None, name: str, scope: Scope) -> Action:
        assert pointer is not None
        found = scope.find(pointer, name)
        if found is None:
            raise GrammarError(f"the {pointer.value} {name!r} is not a node of the graph")
        return Action(_KIND_OF[pointer], found)

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
        if not derivation.done:
            raise GrammarError(f"the derivation is not complete after {len(actions)} actions")
        return self._build(self.root, iter(actions), scope)

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
        lists = {name for name, info in rule.cls.model_fields.items() if getattr(info.annotation, "__origin__", None) is tuple}
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
            for rule in _pointer_forms(cls):
                if _KIND_OF.get(inlined(rule)) is action.kind:  # type: ignore[arg-type]
                    return cls(**{rule.children[0][0]: name})
        raise GrammarError(f"a {action.kind.name.lower()} cannot stand at {place.slot}")


@dataclass(frozen=True, eq=False, slots=True)
class Derivation:
    """A partial derivation. `push` returns a new one; the old one stays valid, so beams share their beginnings."""

    grammar: Grammar
    stack: _Stack
    actions: tuple[Action, ...]
    owed: int  # the fewest actions that complete the stack
    last_outputs: int  # outputs of the query completed last

    @property
    def done(self) -> bool:
        """Whether the tree is complete."""
        return self.stack is None

    @property
    def top(self) -> Item:
        """The position to be filled next."""
        if self.stack is None:
            raise GrammarError("the derivation is complete")
        return self.stack[0]

    @property
    def slot(self) -> int:
        """Slot id of the next position."""
        return self.grammar.slot_of(self.top)

    @property
    def parent(self) -> int:
        """Rule id of the enclosing rule, -1 at the root."""
        return self.top.parent

    @property
    def depth(self) -> int:
        """Number of enclosing rules."""
        return self.top.depth

    def legal(self) -> Legal:
        """What may come next, such that the whole stays within `MAX_ACTIONS`."""
        spare = MAX_ACTIONS - len(self.actions) - self.owed
        return self.grammar.legal_at(self._resolved(self.top), spare)

    def push(self, action: Action) -> Derivation:
        """Take one action. Raises `GrammarError` when it is not legal here."""
        legal = self.legal()
        if action.index not in legal.rules if action.kind is ActionKind.RULE else action.kind not in legal.pointers:
            raise GrammarError(f"{self._describe(action)} is not legal at {self.grammar.slots[self.slot]}")
        assert self.stack is not None
        item, rest = self._resolved(self.stack[0]), self.stack[1]
        owed, last = self.owed - self.grammar.cost(item), self.last_outputs
        if action.kind is ActionKind.RULE:
            rule = self.grammar.rule(action.index)
            if rule.end and rule.cls is Select:
                last = item.outputs
            new = self._continuation(item, rule) + self._children(item, rule, action.index)
            owed += sum(self.grammar.cost(i) for i in new)
            for child in new:
                rest = (child, rest)
        return Derivation(self.grammar, rest, (*self.actions, action), owed, last)

    def _describe(self, action: Action) -> str:
        named = action.kind is ActionKind.RULE and 0 <= action.index < len(self.grammar.rules)
        return self.grammar.rules[action.index] if named else f"{action.kind.name.lower()} {action.index}"

    def _resolved(self, item: Item) -> Item:
        """Fill in the output counts that were unknown (-1) when the position was opened."""
        if item.refs >= 0 and item.inners >= 0:
            return item
        refs = self.last_outputs if item.refs < 0 else item.refs
        return item._replace(refs=refs, inners=self.last_outputs if item.inners < 0 else item.inners)

    def _continuation(self, item: Item, rule: Rule) -> list[Item]:
        """The clauses position that stays below what `rule` opens."""
        if rule.cls.layout != "clauses" or rule.end:
            return []
        if rule.clause is None:
            refs = -1 if rule.cls in _QUERIES and rule.cls is not Select else item.refs
            inners = -1 if any(name == "source" for name, _ in rule.children) else 0
            index = self.grammar._ids[rule]
            return [Item(None, rule.cls, index, item.depth + 1, refs, inners if rule.cls is Select else item.inners, outputs=1)]
        position = [s.name for s in clause_fields(rule.cls)].index(rule.clause)
        shape = clause_fields(rule.cls)[position]
        if not shape.lengths:
            return [item._replace(first_clause=position + 1, items=0)]
        already = item.items if position == item.first_clause else 0
        outputs = item.outputs + (rule.clause == "outputs")
        return [item._replace(first_clause=position, items=already + 1, outputs=outputs)]

    def _children(self, item: Item, rule: Rule, index: int) -> list[Item]:
        """Positions of the rule's children, last first."""
        new = []
        for name, place in reversed(rule.children):
            refs, inners = self._visible(item, rule, name)
            new.append(Item(place, None, index, item.depth + 1, refs, inners))
        return new

    @staticmethod
    def _visible(item: Item, rule: Rule, field: str) -> tuple[int, int]:
        """How many outputs `Ref` and `Inner` may name inside a child; -1: those of the query completed before it."""
        if rule.cls in _QUERIES or "view" in rule.cls.sees_outputs:
            sees = field in rule.cls.sees_outputs
            if rule.cls is Select:
                own = item.outputs if rule.clause else 0
                opened_inner = -1 if any(n == "source" for n, _ in rule.children) and field != "source" else 0
                return (own if sees else 0), (item.inners if rule.clause else opened_inner)
            return (-1 if sees and not rule.clause else item.refs if sees else 0), 0
        return item.refs, item.inners


@cache
def _pointer_forms(cls: type[Node]) -> tuple[Rule, ...]:
    """The constructor of `cls` that a bare pointer stands for, as a tuple of at most one."""
    if cls.layout == "clauses":
        return ()
    if cls is Value:
        return (Rule("Value", Value, children=(("value", Place("Value.value", Pointer.VALUE, ())),)),)
    return tuple(r for r in constructors(cls, list(fields_of(cls))) if inlined(r))


_interned: dict[Legal, Legal] = {}


def _intern(legal: Legal) -> Legal:
    return _interned.setdefault(legal, legal)


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
