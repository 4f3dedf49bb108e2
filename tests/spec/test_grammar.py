"""Tree -> actions -> tree is the identity; random walks through the legal mask always parse."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from microgt.errors import GrammarError
from microgt.spec.grammar import GRAMMAR, MAX_ACTIONS, Action, ActionKind, Scope
from microgt.spec.json import read_spec, write_spec

RULES = Path(__file__).parents[1] / "fixtures" / "grammar" / "rules.txt"

SCOPE = Scope(("orders", "customers"), ("orders.id", "orders.amount", "orders.day", "customers.region", "customers.id"), ("EU", 56, "2023"))

SPECS = [
    {"query": {"outputs": ["customers.region"]}},
    {"query": {"outputs": [{"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}]}},
    {
        "query": {
            "outputs": ["customers.region", {"kind": "aggregate", "fn": "sum", "of": "orders.amount", "at": "orders"}],
            "where": {
                "kind": "and",
                "args": [
                    {"kind": "compare", "op": "eq", "left": "customers.region", "right": {"value": "EU"}},
                    {"kind": "in_period", "of": "orders.day", "period": {"kind": "last", "unit": "month", "n": 3}},
                ],
            },
            "by": ["customers.id"],
            "sort": [{"kind": "sort", "direction": "desc", "by": {"kind": "ref", "output": 1}}],
            "limit": {"kind": "limit", "n": 56, "ties": "include"},
            "distinct": True,
            "through": [{"kind": "through", "table": "orders"}, {"kind": "link", "left": "orders.id", "right": "customers.id"}],
            "orphans": "drop",
        },
        "view": {"kind": "chart", "mark": "line", "x": {"kind": "ref", "output": 1}, "color": {"kind": "ref", "output": 0}},
    },
    {
        "query": {
            "kind": "set",
            "op": "except",
            "left": {"outputs": ["orders.id"]},
            "right": {"outputs": [{"column": "orders.id", "via": ["orders.id"]}]},
            "sort": [{"kind": "sort", "direction": "asc", "by": {"kind": "ref", "output": 0}}],
        }
    },
    {
        "query": {
            "source": {"outputs": ["orders.id", {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}]},
            "outputs": [{"kind": "aggregate", "fn": "avg", "of": {"kind": "inner", "output": 1}}],
        }
    },
    {"kind": "unanswerable", "reason": "out_of_scope"},
]


@pytest.mark.parametrize("data", SPECS)
def test_round_trip(data):
    spec = read_spec(data)
    actions = GRAMMAR.encode(spec, SCOPE)
    assert GRAMMAR.decode(actions, SCOPE) == spec
    assert read_spec(write_spec(spec)) == spec


def test_a_short_question_has_a_short_derivation():
    spec = read_spec({"query": {"outputs": ["customers.region"]}})
    names = [GRAMMAR.rules[a.index] if a.kind is ActionKind.RULE else a.kind.name for a in GRAMMAR.encode(spec, SCOPE)]
    assert names == ["Answer", "Select", "COLUMN", "Select.end"]


def random_actions(rng: random.Random) -> list[Action]:
    derivation = GRAMMAR.start()
    sizes = {ActionKind.TABLE: len(SCOPE.tables), ActionKind.COLUMN: len(SCOPE.columns), ActionKind.VALUE: len(SCOPE.values)}
    while not derivation.done:
        legal = derivation.legal()
        choices = [Action(ActionKind.RULE, r) for r in legal.rules] + [Action(k, rng.randrange(sizes[k])) for k in sorted(legal.pointers)]
        derivation = derivation.push(rng.choice(choices))
    return list(derivation.actions)


@pytest.mark.parametrize("seed", range(300))
def test_random_derivations_parse_and_end(seed):
    actions = random_actions(random.Random(seed))
    assert len(actions) <= MAX_ACTIONS
    spec = GRAMMAR.decode(actions, SCOPE)
    assert GRAMMAR.decode(GRAMMAR.encode(spec, SCOPE), SCOPE) == spec
    assert read_spec(write_spec(spec)) == spec


def test_an_illegal_action_is_named():
    with pytest.raises(GrammarError, match="Select.end is not legal at Spec"):
        GRAMMAR.start().push(Action(ActionKind.RULE, GRAMMAR.rules.index("Select.end")))


def test_a_value_without_a_node_is_named():
    spec = read_spec(
        {"query": {"outputs": ["orders.id"], "where": {"kind": "compare", "op": "eq", "left": "orders.day", "right": {"value": "Mars"}}}}
    )
    with pytest.raises(GrammarError, match="'Mars' is neither a node"):
        GRAMMAR.encode(spec, SCOPE)


def test_rule_names_are_unique_and_kept():
    assert len(set(GRAMMAR.rules)) == len(GRAMMAR.rules)
    assert {"Compare.gt", "And/3", "Aggregate.sum[at]", "Select.where", "Constant.2", "Col[via/1]"} <= set(GRAMMAR.rules)
    assert RULES.is_file()
    assert set(RULES.read_text(encoding="utf-8").split()) <= set(GRAMMAR.rules)  # checkpoints hold these names


@pytest.mark.parametrize(
    "asked",
    [
        {"query": {"outputs": [{"kind": "time_bucket", "grain": "month", "of": "orders.day"}]}},
        {"query": {"outputs": [{"kind": "date_part", "part": "weekday", "of": "orders.day"}]}},
        {
            "query": {
                "outputs": ["orders.id"],
                "where": {"kind": "in_period", "of": "orders.day", "period": {"kind": "at", "value": "2023"}},
            }
        },
    ],
)
def test_only_what_holds_dates_is_one(asked):
    """`orders.day` is the third column; everything else is barred where its period is asked for, and nowhere else."""
    scope, day = replace(SCOPE, dates=(2,)), Action(ActionKind.COLUMN, 2)
    derivation, barred = GRAMMAR.start(), []
    for action in GRAMMAR.encode(read_spec(asked), scope):
        barred.append((action, [a.index for a in derivation.barred(scope) if a.kind is ActionKind.COLUMN]))
        derivation = derivation.push(action)
    assert [indices for action, indices in barred if action == day] == [[0, 1, 3, 4]]
    assert all(not indices for action, indices in barred if action != day)
