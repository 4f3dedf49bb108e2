"""Organisations that do not exist: their descriptions, databases and questions."""

import pytest

from microgt.data.demo.load import write
from microgt.data.demo.source import read_questions, written_databases
from microgt.data.invented import InventedSource
from microgt.data.invented.design import design, plain
from microgt.data.invented.domain import DATES, NAMING, domains, parse_domain, read_domain
from microgt.data.invented.fill import contents
from microgt.data.invented.source import designed
from microgt.data.invented.written import SPLIT, Retold
from microgt.errors import DataError
from microgt.schema.catalog import connect
from microgt.schema.readers import read_duckdb
from microgt.spec import check, compile_spec, read_spec

GARAGE = """# garage: repairs cars
car; cars, vehicles; car, vehicle
    title plate, name; plate; AA 1, BB 2, CC 3
    country origin; country
repair; repairs, jobs; repair
    link car
    link car as spare
    date begun_on; start date; started
    later ended_on; end date; finished
    choice state; state; waiting, running
    money cost; cost, price; 10-90
"""


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path_factory.getbasetemp() / "invented"))


def test_a_description():
    car, repair = parse_domain("garage", GARAGE).entities
    assert (car.tables, car.nouns) == (("cars", "vehicles"), ("car", "vehicle"))
    assert [(f.kind, f.target, f.names) for f in repair.fields[:2]] == [("link", "car", ()), ("link", "car", ("spare",))]
    assert repair.fields[3].more == ("finished",)
    assert repair.fields[5].range == (10, 90)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("    colour paint; paint", r"garage.txt:12: no kind of column 'colour'; choices: person"),
        ("    link driver", r"garage.txt:12: no table 'driver' above; choices: car"),
        ("    money fee; fee; much", "garage.txt:12: 'much' is no range"),
        ("    money fee; fee", "garage.txt:12: money has 3 parts"),
        ("shop", "garage.txt:12: not enough values"),
    ],
)
def test_a_line_that_is_wrong_is_named(line, message):
    with pytest.raises(DataError, match=message):
        parse_domain("garage", GARAGE + line)


@pytest.mark.parametrize("name", domains())
def test_every_description(name):
    """Each entity is named by one column at most, and each domain has what questions are made of."""
    found = read_domain(name)
    fields = [f for e in found.entities for f in e.fields]
    assert all(sum(f.kind in NAMING for f in e.fields) <= 1 for e in found.entities)
    assert all(f.called for f in fields if f.kind != "link")
    assert {"link", "later", "choice", "flag"} <= {f.kind for f in fields}
    assert all(f.more for f in fields if f.kind in DATES)


def test_one_description_makes_many_databases():
    garage = parse_domain("garage", GARAGE)
    drawn = [design(garage, number, 0) for number in range(12)]
    assert design(garage, 3, 0) == drawn[3] != design(garage, 3, 1)
    assert len({tuple(t.name for t in d.tables) for d in drawn}) > 3
    assert len({t.key for d in drawn for t in d.tables}) > 3
    assert {d.declared for d in drawn} == {True, False}


def test_codes_are_said_in_words():
    """`DE` is said `Germany`, `WAI` is said `waiting`."""
    said: dict[str, str] = {}
    for number in range(20):
        made = design(parse_domain("garage", GARAGE), number, 0)
        rows = contents(made, 0).tables
        for id, values in made.words().values.items():
            table, _, column = id.partition(".")
            assert {v for v in rows[table][column].to_pylist() if v} <= values.keys()
            said |= values
    assert said["DE"] == "Germany"
    assert said["WAI"] == "waiting"


@pytest.fixture
def small():
    return InventedSource(per_domain=2, per_database=80, only=["library"], processes=1)


def test_questions_about_them_have_answers(small):
    found = small.examples("train")
    assert len(found) > 160
    assert {e.db for e in found} == {"library_0", "library_1"} == set(small.databases("train"))
    assert {e.spec.kind for e in found} >= {"answer", "unanswerable"}
    assert all(not check(e.spec, small.schema(e.db)) for e in found)


def test_their_rows_hang_together(small):
    """Every key leads to a row, and what happened later happened later."""
    schema, made = small.schema("library_0"), designed("library_0", 0)
    assert schema.keys
    with connect(small.database("library_0")) as connection:
        for key in schema.keys:
            (child, a), (parent, b) = key.column.rsplit(".", 1), key.target.rsplit(".", 1)
            lost = f'SELECT count(*) FROM "{child}" WHERE "{a}" NOT IN (SELECT "{b}" FROM "{parent}")'
            assert connection.execute(lost).fetchall() == [(0,)], key
        for table in made.tables:
            kinds = {c.of.kind: c.name for c in reversed(table.columns)}  # the first date
            if {"date", "later"} <= kinds.keys():
                early = f'SELECT count(*) FROM "{table.name}" WHERE "{kinds["later"]}" <= "{kinds["date"]}"'
                assert connection.execute(early).fetchall() == [(0,)]


def test_what_is_not_there(small):
    with pytest.raises(DataError, match="no split 'dev'; choices: train, written, validation"):
        small.databases("dev")
    with pytest.raises(DataError, match="no invented database 'zoo_1'; they are named after .*library"):
        small.schema("zoo_1")


def test_a_written_question_about_another_database_of_its_kind():
    """Names and stored values are those of that database; what it does not have cannot be asked."""
    garage = parse_domain("garage", GARAGE)
    spec = read_spec(
        {
            "kind": "answer",
            "query": {
                "kind": "select",
                "outputs": [{"kind": "aggregate", "fn": "sum", "of": "repairs.cost"}],
                "where": {"kind": "compare", "op": "eq", "left": "repairs.state", "right": {"value": "waiting"}},
            },
        }
    )
    seen: set[str] = set()
    for number in range(30):
        made = design(garage, number, 0)
        told = Retold(plain(garage), made).spec(spec)
        names = {c.of.names[0]: c for t in made.tables for c in t.columns if c.of.names}
        assert (told is None) == (not {"cost", "state"} <= names.keys())
        if told:
            value = told.query.where.right.value
            assert value == names["state"].stored.get("waiting", "waiting")
            assert told.query.outputs[0].of.column.endswith(f".{names['cost'].name}")
            seen.add(value)
    assert seen == {"waiting", "WAI"}


@pytest.mark.parametrize("name", written_databases(SPLIT))
def test_what_was_written_about_a_kind_of_organisation_fits_it(name, tmp_path):
    """Every gold is over the database with all that is described, and runs there."""
    file = tmp_path / f"{name}.duckdb"
    write(contents(plain(read_domain(name)), 0), file)
    schema = read_duckdb(file)
    with connect(file) as connection:
        for example in read_questions(SPLIT, name):
            assert not check(example.spec, schema), example.id
            connection.execute(compile_spec(example.spec, schema))
