"""Near misses that the shop's own rows do not tell apart are wrong on variants of it, and gold stays right."""

import duckdb
import pytest

from microgt.errors import DataError
from microgt.evaluation import Outcome, Prediction, Suites, Variants, gold_as_prediction, pair, results_of, score
from microgt.evaluation.score import evaluation_engines
from microgt.evaluation.variants.suites import folder_name
from microgt.spec import read_spec

# What is asked, and an answer that is right about the shop by chance.
NEAR_MISSES = {
    "filter": ("SELECT id FROM orders WHERE amount < 50 AND customer_id < 9", "SELECT id FROM orders WHERE amount < 50"),
    "boundary": ("SELECT id FROM orders WHERE amount > 6", "SELECT id FROM orders WHERE amount >= 6"),
    "literal": ("SELECT id FROM orders WHERE amount > 6", "SELECT id FROM orders WHERE amount > 7"),
    "aggregate": (
        "SELECT region, MAX(amount) FROM orders JOIN customers c ON customer_id = c.id GROUP BY region",
        "SELECT region, AVG(amount) FROM orders JOIN customers c ON customer_id = c.id GROUP BY region",
    ),
    "count of a column": ("SELECT COUNT(*) FROM customers", "SELECT COUNT(region) FROM customers"),
    "distinct": ("SELECT DISTINCT placed FROM orders", "SELECT placed FROM orders"),
    "orphans": ("SELECT COUNT(*) FROM orders", "SELECT COUNT(*) FROM orders JOIN customers c ON customer_id = c.id"),
    "ties": ("SELECT id FROM orders ORDER BY amount LIMIT 1", "SELECT id FROM orders WHERE amount = (SELECT MIN(amount) FROM orders)"),
    "limit": ("SELECT id FROM customers ORDER BY id LIMIT 4", "SELECT id FROM customers ORDER BY id LIMIT 5"),
    "direction": (
        "SELECT region FROM customers GROUP BY region HAVING COUNT(*) = 2 ORDER BY region",
        "SELECT region FROM customers GROUP BY region HAVING COUNT(*) = 2 ORDER BY region DESC",
    ),
    "grain": ("SELECT MIN(date_trunc('month', placed)) FROM orders", "SELECT MIN(date_trunc('year', placed)) FROM orders"),
    "column": ("SELECT COUNT(*) FROM orders WHERE id <= 3", "SELECT COUNT(*) FROM orders WHERE customer_id <= 3"),
    "missing": ("SELECT id FROM customers WHERE region = 'west'", "SELECT id FROM customers WHERE region = 'moon'"),
}


def scored(shop, engines, golds, predictions, number=5, workers=1, seed=0):
    with Suites(golds, number, seed) as variants:
        return score(pair(golds, predictions), shop, engines=engines, workers=workers, variants=variants)


@pytest.fixture(scope="module")
def judged(shop, engines, example):
    """The items of the near misses, alone and over variants."""
    golds = [example(name, sql=sql) for name, (sql, _) in NEAR_MISSES.items()]
    given = [Prediction(name, sql=sql) for name, (_, sql) in NEAR_MISSES.items()]
    return {n: {item.id: item for item in scored(shop, engines, golds, given, n)} for n in (0, 5)}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_right_by_chance_and_wrong_on_variants(judged, name):
    alone, item = judged[0][name], judged[5][name]
    assert alone.right
    assert (alone.original, alone.variant) == (None, None)
    assert item.outcome is Outcome.WRONG
    assert item.original is alone.outcome
    assert item.variant in range(1, 6)
    assert not item.right


def test_the_variant_that_told_them_apart_can_be_made_again(shop, judged, example, tmp_path):
    golds = [example(name, sql=sql) for name, (sql, _) in NEAR_MISSES.items()]
    variants = Variants(shop.database("shop"), shop.schema("shop"), golds)
    for name in ("filter", "boundary", "missing"):
        made = variants.write(judged[5][name].variant, tmp_path / f"{name}.duckdb")
        with duckdb.connect(str(made.path), read_only=True) as connection:
            first, second = (sorted(connection.execute(sql).fetchall()) for sql in NEAR_MISSES[name])
        assert first != second


GOLDS = {
    "joined": "SELECT region, SUM(amount) FROM orders JOIN customers c ON customer_id = c.id WHERE placed IS NOT NULL GROUP BY region",
    "sorted": "SELECT id FROM orders WHERE amount <> 30 ORDER BY amount DESC LIMIT 2",
    "empty": "SELECT id FROM orders WHERE amount > 1000",
    "never": "SELECT id FROM orders WHERE amount > 1000 AND amount < 10",
    "not in": "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)",
    "one value": "SELECT id FROM customers WHERE region = (SELECT region FROM customers ORDER BY id LIMIT 1)",
    "spec": {"query": {"outputs": ["customers.region", {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}]}},
    "no answer": {"kind": "unanswerable", "reason": "no_column"},
}


@pytest.fixture(scope="module")
def golds(example):
    return [
        example(f"{db}-{name}", sql=gold, db=db) if isinstance(gold, str) else example(f"{db}-{name}", spec=read_spec(gold), db=db)
        for name, gold in GOLDS.items()
        for db in ("shop", "twin")
    ]


def test_gold_is_right_about_itself_and_what_was_empty_is_confirmed(shop, engines, golds):
    items = {item.id: item for item in scored(shop, engines, golds, map(gold_as_prediction, golds))}
    assert {i.id for i in items.values() if not i.right} == {"shop-never", "twin-never"}
    assert (items["shop-empty"].original, items["shop-empty"].outcome) == (Outcome.VACUOUS, Outcome.CORRECT)
    assert items["shop-never"].outcome is items["shop-never"].original is Outcome.VACUOUS
    summary = results_of(list(items.values()), data="shop", split="all").summary
    assert summary.accuracy.k == len(items) - 2


def test_workers_seeds_and_other_items(shop, engines, golds):
    given = [Prediction(gold.id, sql="SELECT id FROM orders WHERE amount >= 1000") for gold in golds]
    first = scored(shop, engines, golds, given)
    assert scored(shop, evaluation_engines, golds, given, workers=2) == first
    with Suites(golds, 5) as variants:
        some = score(pair(golds[4:6], given[4:6]), shop, engines=engines, variants=variants)
    assert some == first[4:6]
    assert [item.outcome for item in some] == [Outcome.WRONG] * 2


def test_variants_are_removed_unless_they_are_to_be_kept(shop, engines, golds, tmp_path):
    with Suites(golds, 2) as variants:
        removed = variants.of("shop", shop.schema("shop"), shop.database("shop"))
        assert all(variant.path.is_file() for variant in removed)
        assert variants.of("shop", shop.schema("shop"), shop.database("shop")) is removed
    assert not any(variant.path.exists() for variant in removed)
    with Suites(golds, 2, folder=tmp_path / "kept") as variants:
        kept = variants.of("shop", shop.schema("shop"), shop.database("shop"))
    assert [variant.path for variant in kept] == [tmp_path / "kept" / "shop" / f"{n}.duckdb" for n in (1, 2)]
    assert all(variant.path.is_file() for variant in kept)


def test_a_folder_that_cannot_be_written(shop, golds, tmp_path):
    (tmp_path / "file").write_text("")
    with Suites(golds, 1, folder=tmp_path / "file") as variants, pytest.raises(DataError, match="variants of shop cannot be written into"):
        variants.of("shop", shop.schema("shop"), shop.database("shop"))


@pytest.mark.parametrize(("db", "name"), [("shop", "shop"), ("a.duckdb", "a.duckdb"), ("x/y", "x_y-"), ("..", "-"), ("../up", "_up-")])
def test_names_of_databases_as_folders(db, name):
    found = folder_name(db)
    assert found.startswith(name)
    assert "/" not in found
    assert (found == db) == (db == name)
