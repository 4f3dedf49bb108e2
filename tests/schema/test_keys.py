"""Which keys are inferred, and the words of names."""

import pytest

from microgt.schema.keys import infer_keys, infer_primary
from microgt.schema.types import Column, ColumnType, ForeignKey, Table
from microgt.schema.words import words_of, words_of_table


def table(name: str, *columns: str, key: str = "id", kind: ColumnType = ColumnType.NUMBER) -> Table:
    return Table(name, words_of(name), tuple(Column(name, c, kind, words_of(c), c == key) for c in columns))


CUSTOMERS = table("customers", "id", "name")
ORDERS = table("orders", "id", "customer_id", "name")


def always(column: str, target: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("column", "target"),
    [("customer_id", "id"), ("customers_id", "id"), ("CustomerID", "id"), ("customer_id", "customer_id"), ("customer_code", "code")],
)
def test_names_that_fit(column, target):
    found = infer_keys((table("customers", target, key=target), table("orders", "n", column)), (), always)
    assert found == (ForeignKey(f"orders.{column}", f"customers.{target}", inferred=True),)


@pytest.mark.parametrize(
    ("one", "key", "column"),
    [("teams", "id", "team"), ("campuses", "id", "campus"), ("country", "country_id", "Country"), ("teams", "team_id", "home_team")],
)
def test_a_column_called_as_a_table_refers_to_it(one, key, column):
    found = infer_keys((table(one, key, "n", key=key), table("players", "age", column)), (), always)
    assert found == (ForeignKey(f"players.{column}", f"{one}.{key}", inferred=True),)


def test_a_column_called_as_a_table_does_not_refer_to_any_column_of_it():
    assert infer_keys((table("teams", "founded", "budget", key=""), table("players", "team")), (), always) == ()


def test_generic_names_do_not_fit():
    assert infer_keys((table("a", "id", "name"), table("b", "id", "name")), (), always) == ()


def test_the_name_of_a_table_in_a_name_says_whose_it_is():
    text = ColumnType.TEXT
    states, peaks = table("state", "state_name", "capital", key="", kind=text), table("peak", "state_name", "metres", key="", kind=text)
    cities = table("city", "city_name", "state_name", key="", kind=text)
    found = infer_keys((peaks, cities, states), (), always)
    assert set(found) == {ForeignKey(f"{t}.state_name", "state.state_name", inferred=True) for t in ("peak", "city")}


def test_values_decide():
    assert infer_keys((CUSTOMERS, ORDERS), (), lambda column, target: False) == ()


def test_types_must_agree():
    text = table("orders", "n", "customer_id", kind=ColumnType.TEXT)
    assert infer_keys((CUSTOMERS, text), (), always) == ()


def test_declared_keys_win_and_only_unconnected_tables_get_inferred_ones():
    declared = (ForeignKey("orders.name", "customers.name"),)
    items = table("items", "id", "order_id")
    found = infer_keys((CUSTOMERS, ORDERS, items), declared, always)
    assert found == (*declared, ForeignKey("items.order_id", "orders.id", inferred=True))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cust_id", ("cust", "id")),
        ("CustID_2", ("cust", "id", "2")),
        ("fullName", ("full", "name")),
        ("HTTPServer", ("http", "server")),
        ("Full Name", ("full", "name")),
        ("área", ("área",)),
        ("Größe", ("größe",)),
        ("GRÖSSE", ("grösse",)),
        ("kundenÜbersicht", ("kunden", "übersicht")),
        ("ИмяКлиента", ("имя", "клиента")),
        ("名前", ("名前",)),
        ("%", ("%",)),
    ],
)
def test_words_of(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dim_customer", ("customer",)),
        ("TBL_ORD_ITM", ("ord", "itm")),
        ("tbl", ("tbl",)),
        ("TShirt", ("t", "shirt")),
        ("orders", ("orders",)),
    ],
)
def test_a_table_is_not_called_a_table(name, words):
    assert words_of_table(name) == words


def test_numbers_of_the_same_name_are_no_key_by_chance():
    one, other = table("orders", "id", "sort_key"), table("items", "n", "sort_key")
    assert infer_keys((one, other), (), always) == ()
    assert infer_keys((table("orders", "sort_key", "id"), other), (), always) != ()


def test_several_columns_may_refer_to_one_table():
    games = table("games", "id", "home_team_id", "away_team_id", "venue_id")
    found = infer_keys((games, table("teams", "id"), table("venues", "venue_id", key="venue_id")), (), always)
    assert [(k.column, k.target) for k in found] == [
        ("games.venue_id", "venues.venue_id"),
        ("games.home_team_id", "teams.id"),
        ("games.away_team_id", "teams.id"),
    ]


def test_two_tables_with_one_key_refer_to_each_other_once():
    people, details = table("people", "person_no", "name", key="person_no"), table("details", "person_no", "age", key="person_no")
    assert len(infer_keys((people, details), (), always)) == 1


def test_a_table_without_a_primary_key_gets_one_that_its_values_allow():
    tables = (
        table("customers", "name", "customer_id", key=""),
        table("orders", "number", "customer_id", key=""),
        table("codes", "code", "id", key="code"),
    )
    keys = (ForeignKey("items.order_number", "orders.number"),)
    found = infer_primary(tables, keys, lambda column: True)
    assert [t.primary_key for t in found] == [("customers.customer_id",), ("orders.number",), ("codes.code",)]
    assert infer_primary(tables[:2], keys, lambda column: False) == tables[:2]
