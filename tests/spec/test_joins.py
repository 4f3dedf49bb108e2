"""The smallest tree of keys, and what is said when there is none or more than one."""

import random
import time

import networkx as nx
import pytest

from microgt.errors import CompileError
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table
from microgt.spec.joins import Instance, connect, join_tree
from microgt.spec.steiner import Weighted, smallest_tree
from microgt.spec.types import Link, Select


def tables(**columns):
    """orders="id customer_id" -> tables with number columns; `id` is the primary key."""
    made = []
    for table, names in columns.items():
        made.append(Table(table, (table,), tuple(Column(table, n, ColumnType.NUMBER, (n,), n == "id") for n in names.split())))
    return tuple(made)


SNOWFLAKE = Schema(
    "snowflake",
    tables(items="id order_id product_id", orders="id customer_id store_id", customers="id city_id", stores="id city_id", cities="id",
           products="id", islands="id"),
    tuple(ForeignKey(f"{a}_id".replace("~", "."), b) for a, b in (
        ("items~order", "orders.id"), ("items~product", "products.id"), ("orders~customer", "customers.id"), ("orders~store", "stores.id"),
        ("customers~city", "cities.id"), ("stores~city", "cities.id"))),
)  # fmt: skip


def edges(uses, schema=SNOWFLAKE, links=()):
    return [str(e) for e in connect([Instance(*u) if isinstance(u, tuple) else Instance(u) for u in uses], schema, links).edges]


def test_bridges_are_found():
    assert edges(["products", "customers"]) == [
        "items.order_id = orders.id",
        "items.product_id = products.id",
        "orders.customer_id = customers.id",
    ]


def test_the_finest_table_comes_from_the_keys():
    tree = connect([Instance("customers"), Instance("products")], SNOWFLAKE)
    assert tree.finest == Instance("items")
    assert tree.finer(Instance("customers")) == (Instance("orders"), Instance("items"), Instance("products"))
    assert tree.finer(Instance("items")) == ()


def test_two_ways_are_an_error_that_lists_the_keys():
    with pytest.raises(CompileError) as caught:
        edges(["orders", "cities"])
    error = caught.value
    assert error.code == "E_JOIN_AMBIGUOUS"
    assert set(error.choices) == {"orders.customer_id", "orders.store_id", "customers.city_id", "stores.city_id"}
    assert "name the key with via, or a table with through" in str(error)


def test_a_table_on_one_of_the_ways_decides():
    assert edges(["orders", "cities", "stores"]) == ["orders.store_id = stores.id", "stores.city_id = cities.id"]


def test_via_decides():
    path = ("orders.customer_id", "customers.city_id")
    assert edges([("cities", path), "orders"]) == ["customers.city_id = cities.id", "orders.customer_id = customers.id"]


def test_two_instances_of_one_table():
    home, shop = ("cities", ("customers.city_id",)), ("cities", ("stores.city_id",))
    assert len(edges([home, shop, "orders"])) == 4


def test_no_way_is_an_error_that_names_the_tables():
    with pytest.raises(CompileError, match="E_JOIN_NO_PATH: no keys connect orders with islands"):
        edges(["orders", "islands"])


def test_a_link_makes_a_way():
    assert edges(["orders", "islands"], links=[Link(left="orders.id", right="islands.id")]) == ["orders.id = islands.id"]


def test_a_wrong_via_lists_the_right_ones():
    with pytest.raises(CompileError, match=r"via 'items.order_id' is no key that leads to cities; keys that do: customers.city_id, stores"):
        edges([("cities", ("items.order_id",)), "orders"])


def test_declared_keys_come_before_inferred_ones():
    keys = (ForeignKey("a.b_id", "b.id"), ForeignKey("a.other_id", "b.id", inferred=True))
    assert edges(["a", "b"], Schema("s", tables(a="id b_id other_id", b="id"), keys)) == ["a.b_id = b.id"]


def test_keys_of_a_composite_primary_key_are_one_join():
    weather = Table("weather", ("weather",), tuple(Column("weather", n, ColumnType.NUMBER, (n,), True) for n in ("place", "day")))
    keys = (ForeignKey("trips.place", "weather.place"), ForeignKey("trips.day", "weather.day"))
    schema = Schema("s", (*tables(trips="id place day"), weather), keys)
    both = ["trips.place = weather.place and trips.day = weather.day"]
    assert edges(["trips", "weather"], schema) == both
    assert edges(["trips", ("weather", ("trips.day",))], schema) == both  # one of its columns names the key


@pytest.mark.parametrize(
    ("keys", "joins"),
    [
        (("place place", "day day"), ["trips.place = weather.place and trips.day = weather.day"]),
        (("place place", "spare day"), None),  # called otherwise: a key of its own
        (("place place", "day place"), None),  # one target: two roles
        (("place sky", "day day"), None),  # not about the primary key
    ],
)
def test_keys_refer_together_when_they_hold_the_primary_key_under_its_names(keys, joins):
    """As in catalogs that declare only the first column of a composite primary key."""
    weather = Table(
        "weather", ("weather",), tuple(Column("weather", n, ColumnType.NUMBER, (n,), n == "place") for n in ("place", "day", "sky"))
    )
    named = (key.split() for key in keys)
    schema = Schema("s", (*tables(trips="id place day spare"), weather), tuple(ForeignKey(f"trips.{a}", f"weather.{b}") for a, b in named))
    if joins:
        assert edges(["trips", "weather"], schema) == joins
    else:
        with pytest.raises(CompileError, match="E_JOIN_AMBIGUOUS"):
            edges(["trips", "weather"], schema)


def test_nothing_to_join():
    assert join_tree(Select.model_validate({"outputs": ["orders.id"]}), SNOWFLAKE).edges == ()


@pytest.mark.parametrize("seed", range(40))
def test_trees_are_smallest(seed):
    """Against brute force: the smallest node set that holds the terminals and is connected."""
    rng = random.Random(seed)
    graph = nx.gnm_random_graph(8, 10, seed=seed)
    terminals = rng.sample(range(8), rng.choice((2, 3, 4)))
    found = smallest_tree(terminals, [Weighted(a, b, 1, i) for i, (a, b) in enumerate(graph.edges)])
    sizes = [
        len(nodes) for mask in range(256) if (nodes := [n for n in range(8) if mask >> n & 1]) and set(terminals) <= set(nodes)
        and nx.is_connected(graph.subgraph(nodes))
    ]  # fmt: skip
    if not sizes:
        assert found is None
        return
    assert found is not None
    tree = nx.Graph([(w.a, w.b) for w in found])
    assert len(found) == min(sizes) - 1
    assert nx.is_tree(tree)
    assert set(terminals) <= set(tree)


def test_a_large_schema_is_no_slower():
    names = [f"t{i}" for i in range(300)]
    keys = tuple(ForeignKey(f"{name}.up_id", f"t{(i - 1) // 3}.id") for i, name in enumerate(names) if i)
    schema = Schema("large", tables(**dict.fromkeys(names, "id up_id")), keys)
    start = time.process_time()
    assert len(edges(["t299", "t150", "t7"], schema)) == 12
    assert time.process_time() - start < 0.2
