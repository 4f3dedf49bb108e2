"""A tree that is being built: which position is next, and what may come there."""

from __future__ import annotations

from dataclasses import dataclass

from microgt.errors import GrammarError
from microgt.spec.actions import MAX_ACTIONS, Action, ActionKind, Legal, Scope
from microgt.spec.rule_table import Item, RuleTable
from microgt.spec.rules import Rule, classes_in, clause_fields
from microgt.spec.types import Compare, DatePart, In, InPeriod, Query, Select, TimeBucket

_QUERIES = classes_in(Query)
_OF_DATES = frozenset(f"{cls.__name__}.of" for cls in (TimeBucket, DatePart, InPeriod))  # slots

_Stack = tuple[Item, "_Stack"] | None


def _equates(rule: Rule) -> bool:
    """Does it open `column = value`, `column <> value` or `column in values`?"""
    return rule.cls is In or (rule.cls is Compare and dict(rule.constants)["op"] in ("eq", "ne"))


@dataclass(frozen=True, eq=False, slots=True)
class Derivation:
    """A partial derivation. `push` returns a new one; the old one stays valid, so beams share their beginnings."""

    grammar: RuleTable
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

    @property
    def compared(self) -> int | None:
        """The column that a value at the next position would be equal to, if there is one."""
        before = len(self.actions)
        while before and self.actions[before - 1].kind is ActionKind.VALUE:
            before -= 1  # In has several values
        if before < 2 or self.actions[before - 1].kind is not ActionKind.COLUMN:
            return None
        rule = self.actions[before - 2]
        equal = rule.kind is ActionKind.RULE and _equates(self.grammar.rule(rule.index))
        return self.actions[before - 1].index if equal else None

    def barred(self, scope: Scope) -> list[Action]:
        """What the grammar would let come next and the data do not: values of other columns than the one they would be compared with,
        columns without dates where one is due."""
        if self.grammar.slots[self.slot] in _OF_DATES:
            return [Action(ActionKind.COLUMN, i) for i in scope.undated]
        column = self.compared
        return [] if column is None else [Action(ActionKind.VALUE, i) for i in scope.strangers(column)]

    def legal(self) -> Legal:
        """What may come next, such that the whole stays within `MAX_ACTIONS`."""
        spare = MAX_ACTIONS - len(self.actions) - self.owed
        return self.grammar.legal_at(self._resolved(self.top), spare)

    def push(self, action: Action, legal: Legal | None = None) -> Derivation:
        """Take one action. legal: what `legal()` gave, where it is known. Raises `GrammarError` when the action is not legal here."""
        legal = legal or self.legal()
        if action.index not in legal.rules if action.kind is ActionKind.RULE else action.kind not in legal.pointers:
            raise GrammarError(f"{self._describe(action)} is not legal at {self.grammar.slots[self.slot]}")
        assert self.stack is not None
        item, rest = self._resolved(self.stack[0]), self.stack[1]
        owed, last = self.owed - self.grammar.cost(item), self.last_outputs
        if action.kind is ActionKind.RULE:
            rule = self.grammar.rule(action.index)
            if rule.end and rule.cls is Select:
                last = item.outputs
            new = self._continuation(item, rule, action.index) + self._children(item, rule, action.index)
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

    def _continuation(self, item: Item, rule: Rule, index: int) -> list[Item]:
        """The clauses position that stays below what `rule` opens."""
        if rule.cls.layout != "clauses" or rule.end:
            return []
        if rule.clause is None:
            refs = -1 if rule.cls in _QUERIES and rule.cls is not Select else item.refs
            inners = -1 if any(name == "source" for name, _ in rule.children) else 0
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
            outputs = 0 if rule.cls in _QUERIES and not rule.clause else item.outputs
            new.append(Item(place, None, index, item.depth + 1, refs, inners, outputs=outputs))
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
        return max(item.refs, item.outputs) if field in rule.cls.sees_outputs else item.refs, item.inners
