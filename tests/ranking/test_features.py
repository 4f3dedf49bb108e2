"""What a reading's features say."""

import math

import duckdb
import pytest

from microgt.engine.database import open_database
from microgt.engine.result import ResultTable
from microgt.graph import Linker, build_graph
from microgt.ranking import NAMES, Reading, features, shown
from microgt.ranking.cues import CUES, asked, done
from microgt.ranking.links import linked
from microgt.spec.importer import import_sql


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("ranking") / "shop.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR)")
        db.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), amount DOUBLE, note VARCHAR)"
        )
        db.execute("INSERT INTO customers VALUES (1, 'Ada', 'north'), (2, 'Bo', 'south')")
        db.execute("INSERT INTO orders VALUES (1, 1, 20, 'a'), (2, 2, 30, 'b'), (3, 2, 40, 'south')")
    return open_database(path).schema


def graph_of(question, schema):
    return build_graph(question, schema, Linker(schema))


@pytest.mark.parametrize(
    ("question", "sql", "cue"),
    [
        ("How many orders are there?", "SELECT COUNT(*) FROM orders", "count"),
        ("What is the average amount?", "SELECT AVG(amount) FROM orders", "average"),
        ("Total amount", "SELECT SUM(amount) FROM orders", "total"),
        ("The largest amount", "SELECT MAX(amount) FROM orders", "extreme"),
        ("The highest order", "SELECT id FROM orders ORDER BY amount DESC LIMIT 1", "extreme"),
        (
            "Amount for each region",
            "SELECT region, SUM(amount) FROM orders JOIN customers ON customer_id = customers.id GROUP BY region",
            "group",
        ),
        ("The different notes", "SELECT DISTINCT note FROM orders", "distinct"),
        ("Notes without an a", "SELECT note FROM orders WHERE note <> 'a'", "negation"),
        ("Customers that have no order", "SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)", "negation"),
        ("North or south", "SELECT name FROM customers WHERE region = 'north' OR region = 'south'", "either"),
        ("Names in both", "SELECT name FROM customers INTERSECT SELECT note FROM orders", "both"),
        ("Names in alphabetical order", "SELECT name FROM customers ORDER BY name", "sort"),
        ("In descending order", "SELECT name FROM customers ORDER BY name DESC", "descending"),
        ("Amounts from high to low", "SELECT amount FROM orders ORDER BY amount DESC", "descending"),
        ("Amounts of more than 20", "SELECT id FROM orders WHERE amount > 20", "more"),
        ("Amounts of at most 20", "SELECT id FROM orders WHERE amount <= 20", "less"),
        ("Amounts between 1 and 2", "SELECT id FROM orders WHERE amount BETWEEN 1 AND 2", "between"),
        ("Names that contain an a", "SELECT name FROM customers WHERE name ILIKE '%a%'", "text"),
    ],
)
def test_a_cue_is_asked_for_and_done(schema, question, sql, cue):
    plain = "SELECT name, region FROM customers"
    assert cue in asked(question)
    assert cue in done(import_sql(sql, schema))
    assert cue not in done(import_sql(plain, schema))
    assert cue not in asked("names")
    row = features([Reading(import_sql(plain, schema), 0.0, None)], graph_of(question, schema))[0]
    assert row[NAMES.index("ignored")] == len(asked(question))
    row = features([Reading(import_sql(sql, schema), 0.0, None)], graph_of("names", schema))[0]
    assert row[NAMES.index("unasked")] == len(done(import_sql(sql, schema)))


@pytest.mark.parametrize(
    ("question", "sql", "affirmed", "negated"),
    [
        ("Notes, leaving out a", "SELECT note FROM orders WHERE note = 'a'", 1, 0),
        ("Notes, leaving out a", "SELECT note FROM orders WHERE note <> 'a'", 0, 0),
        ("Orders whose note is missing", "SELECT id FROM orders WHERE note IS NULL", 0, 0),
        ("Notes like a", "SELECT note FROM orders WHERE note <> 'a'", 0, 1),
    ],
)
def test_a_not_that_is_lost_or_invented(schema, question, sql, affirmed, negated):
    row = features([Reading(import_sql(sql, schema), 0.0, None)], graph_of(question, schema))[0]
    assert (row[NAMES.index("affirmed")], row[NAMES.index("negated")]) == (affirmed, negated)


def test_cues_are_whole_words():
    assert asked("discount by country") == {"group"}
    assert set(CUES) >= asked("how many different customers are not in the north or the south, in descending order?")


def test_what_is_named_and_used(schema):
    graph = graph_of("region of customers with an order of 30", schema)
    full = linked(import_sql("SELECT region FROM customers JOIN orders ON customer_id = customers.id WHERE amount = 30", schema), graph)
    assert (full.columns, full.columns_exact, full.columns_unnamed) == (2, 1, 1)  # the amount is not named
    assert (full.tables, full.missed_tables, full.values, full.values_unused) == (2, 0, 1, 0)
    bare = linked(import_sql("SELECT name FROM customers", schema), graph)
    assert (bare.missed_exact, bare.values_unused, bare.solid_unused) == (1, 1, 1)
    assert bare.missed_tables == 1


@pytest.mark.parametrize(
    ("sql", "repeated", "far"),
    [
        ("SELECT amount FROM orders WHERE note = 'south'", 0, 0),
        ("SELECT amount FROM orders JOIN customers ON customer_id = customers.id WHERE region = 'south'", 0, 1),
        ("SELECT amount, name FROM orders JOIN customers ON customer_id = customers.id WHERE region = 'south'", 0, 0),
        ("SELECT amount FROM orders JOIN customers ON customer_id = customers.id WHERE region = 'south' AND note = 'south'", 1, 1),
        ("SELECT amount FROM orders JOIN customers ON customer_id = customers.id WHERE region = 'north'", 0, 0),
    ],
)
def test_a_value_in_two_places(schema, sql, repeated, far):
    found = linked(import_sql(sql, schema), graph_of("amounts of south or north", schema))
    assert (found.values_repeated, found.values_far) == (repeated, far)


def test_constants_and_outputs(schema):
    spec = import_sql("SELECT amount, note FROM orders WHERE amount > 7 AND amount < 30", schema)
    assert linked(spec, graph_of("amounts below 30", schema)).constants == 1
    for question, beside in (("amount and note of orders", 0), ("amount of orders and customers", 1), ("id, amount, and note", 2)):
        row = features([Reading(spec, 0.0, None)], graph_of(question, schema))[0]
        assert row[NAMES.index("outputs")] == 2
        assert row[NAMES.index("outputs_beside")] == beside


def test_what_running_shows_does_not_hang_on_the_order_of_rows():
    one, other = (shown(ResultTable(("a", "b"), rows)) for rows in [((1, None), (2, "x")), ((2, "x"), (1, None))])
    assert one == other
    assert (one.rows, one.columns, one.nulls) == (2, 2, 0.25)
    assert shown(ResultTable(("a",), ())).nulls == 0
    assert [shown(ResultTable(("a",), rows)).nothing for rows in [((0,),), ((None,),), ((1,),), (), ((0,), (0,))]] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [shown(ResultTable(("a",), rows)).repeats for rows in [((1,), (1,)), ((1,), (2,))]] == [True, False]
    assert shown(ResultTable(("a",), ((1,),))).digest != shown(ResultTable(("a",), (("1",),))).digest


def test_readings_with_the_same_answer_stand_together(schema):
    table = [shown(ResultTable(("n",), ((n,),))) for n in (1, 2, 2)]
    spec = import_sql("SELECT COUNT(*) FROM orders", schema)
    readings = [Reading(spec, math.log(p), t) for p, t in zip((0.4, 0.3, 0.2), table, strict=True)]
    found = features([*readings, Reading(spec, math.log(0.1), None)], graph_of("how many orders", schema))
    column = {
        name: found[:, NAMES.index(name)].tolist()
        for name in ("agreement", "agrees_most", "failed", "first", "ahead", "behind", "one_cell")
    }
    assert column["agreement"] == pytest.approx([0.4, 0.5, 0.5, 0.0])
    assert column["agrees_most"] == [0, 1, 1, 0]
    assert column["failed"] == [0, 0, 0, 1]
    assert column["first"] == [1, 0, 0, 0]
    assert column["one_cell"] == [1, 1, 1, 0]
    assert column["ahead"][0] == pytest.approx(math.log(4 / 3))
    assert column["behind"] == pytest.approx([0, math.log(3 / 4), math.log(1 / 2), math.log(1 / 4)])


def test_no_reading_has_no_features(schema):
    assert features([], graph_of("orders", schema)).shape == (0, len(NAMES))


def test_each_feature_has_a_name_of_its_own():
    assert len(set(NAMES)) == len(NAMES)
