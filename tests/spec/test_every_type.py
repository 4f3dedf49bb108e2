"""Every type of the grammar, and random trees of it, pass through checker, compiler and words; what is accepted binds in DuckDB."""

import random
from datetime import date

import pytest

from microgt.spec import check, compile_spec, in_words, read_spec, sort_outputs
from microgt.spec.grammar import GRAMMAR, Action, ActionKind, Scope
from microgt.spec.rules import all_classes
from microgt.spec.types import Spec
from microgt.spec.walk import walk

COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "orders"}}


def ref(n):
    return {"kind": "ref", "output": n}


def during(**period):
    return {"kind": "in_period", "of": "orders.day", "period": period}


def compare(left, right):
    return {"kind": "compare", "op": "ne", "left": left, "right": right}


EVERYTHING = [
    {
        "query": {
            "outputs": [
                {"column": "customers.name", "via": ["orders.customer_id"]},
                {"kind": "time_bucket", "grain": "month", "of": "orders.day"},
                {"kind": "date_part", "part": "weekday", "of": "orders.day"},
                {"kind": "date_diff", "unit": "week", "start": "orders.day", "end": {"value": "2024-06-01"}},
                {"kind": "arithmetic", "op": "add", "left": "orders.id", "right": 1},
                COUNT,
                {"kind": "ratio", "numerator": COUNT | {"where": compare("orders.status", {"value": "void"})}, "denominator": COUNT},
                7,
            ],
            "where": {
                "kind": "and",
                "args": [
                    {"kind": "or", "args": [during(kind=k, unit="month") for k in ("previous", "this", "to_date")]},
                    {"kind": "or", "args": [during(kind="last", unit="day", n=400), during(kind="at", value=2024)]},
                    during(kind="absolute", start={"value": "2020"}, end={"value": "Q4 2024"}),
                    {"kind": "not", "arg": {"kind": "in", "of": "orders.channel", "values": [{"value": "fax"}]}},
                    {"kind": "not", "arg": {"kind": "is_null", "of": "orders.day"}},
                ],
            },
            "by": ["orders.channel"],
            "having": {"kind": "between", "of": ref(5), "low": 0, "high": 10},
            "sort": [{"kind": "sort", "direction": "desc", "by": ref(5)}],
            "limit": {"kind": "limit", "n": 10},
            "through": [{"kind": "through", "table": "orders"}],
        },
        "view": {"kind": "chart", "mark": "bar", "x": ref(0), "y": ref(5), "color": ref(1)},
    },
    {
        "query": {
            "kind": "set",
            "op": "union",
            "left": {"source": {"outputs": ["orders.channel"]}, "outputs": [{"kind": "inner", "output": 0}]},
            "right": {
                "outputs": ["customers.name"],
                "where": {
                    "kind": "or",
                    "args": [
                        {"kind": "in_query", "of": "customers.id", "query": {"outputs": ["orders.customer_id"]}},
                        {"kind": "like", "how": "ends", "of": "customers.name", "text": {"value": "a"}},
                    ],
                },
                "through": [{"kind": "link", "left": "customers.name", "right": "notes.who"}],
            },
            "sort": [{"kind": "sort", "direction": "asc", "by": ref(0)}],
        },
        "view": {"kind": "table"},
    },
    {
        "query": {
            "outputs": [
                {"kind": "time_bucket", "grain": "month", "of": "orders.day"},
                {"kind": "running_total", "of": COUNT, "reset": "year"},
                {"kind": "moving", "agg": "avg", "of": COUNT, "periods": 3},
                {"kind": "prior", "of": ref(1), "n": 1, "unit": "month"},
                {"kind": "delta", "of": COUNT, "n": 1, "unit": "quarter"},
                {"kind": "percent_change", "of": COUNT, "n": 1, "unit": "year"},
                {"kind": "share", "of": COUNT, "within": [ref(0)]},
                {"kind": "rank", "method": "dense_rank", "of": ref(4), "order": "asc"},
                {"kind": "overall", "of": COUNT, "within": ["orders.channel"]},
            ],
            "by": ["orders.channel"],
            "having": compare({"kind": "rank", "method": "rank", "of": ref(5)}, 3),
        }
    },
    {"query": {"outputs": [COUNT]}, "view": {"kind": "number"}},
    {
        "kind": "clarify",
        "readings": [
            {
                "query": {
                    "outputs": [
                        {"kind": "bin", "by": "quantiles", "of": "items.price", "n": 4},
                        {"kind": "percentile", "of": "items.qty", "p": 90},
                    ]
                }
            },
            {
                "query": {"outputs": [{"kind": "time_bucket", "grain": "month", "of": "orders.day", "complete": True}, COUNT]},
                "view": {"kind": "forecast", "of": ref(1), "horizon": 3},
            },
        ],
    },
    {"kind": "edit", "answer": {"query": {"outputs": [{"kind": "date_part", "part": "month_name", "of": "orders.day"}]}}},
    {"kind": "unanswerable", "reason": "no_value"},
]


def passes(spec: Spec, schema, connection) -> bool:
    """Accepted by the checker; then it must compile, bind and have words."""
    if check(spec, schema):
        return False
    assert in_words(spec, schema).endswith(".")
    if spec.kind == "answer":
        for as_of in (None, date(2024, 3, 1)):
            connection.execute(f"EXPLAIN {compile_spec(spec, schema, as_of=as_of)}").fetchall()
        sort_outputs(spec)
    return True


def test_every_type_is_compiled(schema, connection):
    seen = set()
    for data in EVERYTHING:
        spec = read_spec(data)
        assert check(spec, schema) == []
        assert passes(spec, schema, connection)
        seen |= {type(node) for _, node in walk(spec)}
    assert seen == set(all_classes())


RARE = ("SetOperation", "Select[source]", "Unanswerable", "Clarify", "Edit", "Forecast", "Chart", "Answer[view]")


def random_spec(rng: random.Random, scope: Scope) -> Spec:
    """A random tree over few tables; set operations, sources and what is seldom right by chance are rare."""
    near = set(rng.sample(scope.tables, rng.choice((1, 1, 2))))
    pools = {
        ActionKind.TABLE: [i for i, t in enumerate(scope.tables) if t in near],
        ActionKind.COLUMN: [i for i, c in enumerate(scope.columns) if c.split(".")[0] in near],
        ActionKind.VALUE: list(range(len(scope.values))),
    }
    derivation = GRAMMAR.start()
    while not derivation.done:
        legal = derivation.legal()
        rare = [r for r in legal.rules if GRAMMAR.rules[r].startswith(RARE)]
        rules = [r for r in legal.rules if r not in rare or rng.random() < 0.1] or list(legal.rules)
        choices = [Action(ActionKind.RULE, r) for r in rules]
        ends = [a for a in choices if GRAMMAR.rules[a.index].endswith(".end")]
        for kind in sorted(legal.pointers):
            choices += [Action(kind, rng.choice(pools[kind]))] * max(1, len(choices) // 2)
        derivation = derivation.push(rng.choice(ends if ends and rng.random() < 0.3 else choices))
    return GRAMMAR.decode(list(derivation.actions), scope)


@pytest.mark.parametrize("batch", range(4))
def test_random_specs_that_are_accepted_bind(schema, connection, batch):
    scope = Scope(
        tuple(t.name for t in schema.tables),
        tuple(c.id for c in schema.columns),
        ("EU", 56, "2023", "March", "2024-01-01", 2.5, "yes", "Q2 2024"),
    )
    accepted = sum(passes(random_spec(random.Random(batch * 1000 + seed), scope), schema, connection) for seed in range(120))
    assert accepted > 20


def random_windows(rng: random.Random) -> dict:
    """A query with windows that is often right: a bucket, perhaps a key, two measures, and windows of them or of each other."""
    bucket = {"kind": "time_bucket", "grain": rng.choice(("day", "week", "month", "quarter", "year")), "of": "orders.day"}
    outputs: list = [bucket, *rng.sample(["orders.channel", "customers.region"], rng.randint(0, 2))]
    keys = len(outputs)
    outputs += [COUNT, {"kind": "aggregate", "fn": rng.choice(("sum", "avg", "min", "count_distinct")), "of": "orders.id"}]
    for _ in range(rng.randint(1, 3)):
        outputs.append(random_window(rng, ref(rng.randrange(keys, len(outputs))), keys))
    query: dict = {"outputs": outputs}
    if rng.random() < 0.5:
        query["where"] = during(kind=rng.choice(("this", "previous", "to_date")), unit=rng.choice(("day", "month", "quarter", "year")))
    if rng.random() < 0.5:
        query["having"] = {"kind": "compare", "op": "le", "left": random_window(rng, ref(keys), keys), "right": 2}
    if rng.random() < 0.5:
        query["sort"] = [{"kind": "sort", "direction": "desc", "by": ref(len(outputs) - 1)}]
    if rng.random() < 0.5:
        query["limit"] = {"kind": "limit", "n": 2, "ties": rng.choice(("break", "include")), "per": [ref(0)] if rng.random() < 0.5 else []}
    return {"query": query}


def random_window(rng: random.Random, of: dict, keys: int) -> dict:
    kind = rng.choice(("running_total", "moving", "prior", "delta", "percent_change", "share", "rank", "overall"))
    within = {"within": [ref(i) for i in range(rng.randint(0, min(keys, 2)))]}
    more: dict = {
        "running_total": {"reset": rng.choice(("never", "month", "year"))},
        "moving": {"agg": rng.choice(("avg", "min", "max")), "periods": 3},
        "share": within,
        "overall": within,
        "rank": {"method": rng.choice(("row_number", "rank", "dense_rank")), "within": [ref(0)], "order": rng.choice(("asc", "desc"))},
    }.get(kind, {"n": 1, "unit": rng.choice(("week", "month", "quarter", "year"))})
    return {"kind": kind, "of": of, **more}


def test_random_windows_that_are_accepted_run(schema, connection):
    specs = [read_spec(random_windows(random.Random(seed))) for seed in range(150)]
    accepted = [spec for spec in specs if passes(spec, schema, connection)]
    assert len(accepted) > 30
    for spec in accepted:
        connection.sql(compile_spec(spec, schema)).fetchall()
