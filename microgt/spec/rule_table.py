"""The rules with their ids: what each costs, and where it is legal."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from microgt.spec.actions import KIND_OF, MAX_ACTIONS, Legal
from microgt.spec.rules import Place, Rule, all_classes, classes_in, clause_fields, inlined, pointer_forms, rules_of
from microgt.spec.types import Inner, Node, Ref, Spec, Value


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
    outputs: int = 0  # outputs so far of the query being built


class RuleTable:
    """All rules. Ids are positions in `rules`; names are stable across versions."""

    def __init__(self) -> None:
        self._rules: tuple[Rule, ...] = tuple(dict.fromkeys(r for cls in all_classes() for r in rules_of(cls)))
        self.rules: tuple[str, ...] = tuple(r.name for r in self._rules)
        self.root = Place("Spec", None, classes_in(Spec))
        self._ids: dict[Rule, int] = {r: i for i, r in enumerate(self._rules)}
        self._by_class: dict[type[Node], list[Rule]] = {}
        for rule in self._rules:
            self._by_class.setdefault(rule.cls, []).append(rule)
        places = [self.root, *(p for r in self._rules for _, p in r.children)]
        places += [p for c in all_classes() for r in pointer_forms(c) for _, p in r.children]
        clause_slots = [f"{cls.__name__}.clauses" for cls in all_classes() if cls.layout == "clauses"]
        self.slots: tuple[str, ...] = tuple(dict.fromkeys([*(p.slot for p in places), *clause_slots]))
        self._slot_ids = {name: i for i, name in enumerate(self.slots)}
        self._cost = self._least_actions()

    def rule(self, index: int) -> Rule:
        """The rule with that id."""
        return self._rules[index]

    def _least_actions(self) -> dict[type[Node], int]:
        """The fewest actions that complete each class (fixed point)."""
        cost = {cls: 1 if cls is Value or pointer_forms(cls) else MAX_ACTIONS * 4 for cls in all_classes()}
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
        if place.pointer:
            return 1
        return min(cost[c] for c in place.classes if c not in (Ref, Inner)) if set(place.classes) - {Ref, Inner} else 1

    def cost(self, item: Item) -> int:
        """The fewest actions that complete this position."""
        return 1 if item.place is None else self._cost_of(item.place)

    @lru_cache(maxsize=10_000)  # noqa: B019  (one grammar lives as long as the process)
    def _cost_of(self, place: Place) -> int:
        return self._place_cost(place, self._cost)

    def rule_cost(self, rule: Rule) -> int:
        """The fewest actions that complete what this rule opens, itself not counted."""
        opened = rule.cls.layout == "clauses" and not rule.end  # the clauses position stays or comes
        return sum(self._cost_of(p) for _, p in rule.children) + opened

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

    @lru_cache(maxsize=100_000)  # noqa: B019
    def _legal_place(self, place: Place, refs: int, inners: int, spare: int) -> Legal:
        if place.pointer:
            return _intern(Legal((), frozenset({KIND_OF[place.pointer]})))
        base = self._cost_of(place)
        rules, pointers = [], set()
        for cls in place.classes:
            pointers |= {KIND_OF[p] for r in pointer_forms(cls) if (p := inlined(r))}
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
                if not at_limit and 1 + sum(self._cost_of(p) for _, p in rule.children) <= spare:
                    rules.append(self._ids[rule])
        return _intern(Legal(tuple(rules), frozenset()))


_interned: dict[Legal, Legal] = {}


def _intern(legal: Legal) -> Legal:
    return _interned.setdefault(legal, legal)
