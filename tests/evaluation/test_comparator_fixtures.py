"""Pairs of queries whose results are to be told apart, with the verdict that a careful person gives and why: `tests/fixtures/comparator`.

Both queries run in the sandbox, so that the cells have the types that DuckDB gives, and gold's order comes from its ORDER BY.
"""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from microgt.evaluation.comparator import judge
from microgt.evaluation.execution import run_sql
from microgt.evaluation.order import ordering
from microgt.evaluation.ordered import compare_ordered

FOLDER = Path(__file__).parents[1] / "fixtures/comparator"
FILES = {path.stem: OmegaConf.to_container(OmegaConf.load(path)) for path in sorted(FOLDER.glob("*.yaml"))}
PAIRS = [pytest.param(pair, id=f"{name}: {pair['case']}") for name, pairs in FILES.items() for pair in pairs]


@pytest.fixture(scope="module")
def engine(shop, engines):
    with engines() as pool:
        yield pool.engine(shop.database("shop"))


def results(engine, *queries):
    sides = [run_sql(sql, engine) for sql in queries]
    assert all(side.table is not None for side in sides), [side.error for side in sides]
    return [side.table for side in sides]


@pytest.mark.parametrize("pair", PAIRS)
def test_verdict(pair, engine):
    gold, predicted = results(engine, pair["gold"], pair["predicted"])
    found = compare_ordered(gold, predicted, ordering(pair["gold"]), engine)
    assert found.equal is (pair["verdict"] == "equal")
    assert ("tie_cut" if found.tie_cut else found.why) == pair.get("reason")


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not ordering(pair.values[0]["gold"])])
def test_the_same_from_the_other_side(pair, engine):
    predicted, gold = results(engine, pair["predicted"], pair["gold"])
    assert judge(predicted, gold).why == pair.get("reason")


@pytest.mark.parametrize("pair", PAIRS)
def test_gold_is_right(pair, engine):
    (gold,) = results(engine, pair["gold"])
    assert compare_ordered(gold, gold, ordering(pair["gold"]), engine).equal


def test_each_pair_has_its_reason():
    pairs = [pair for pairs in FILES.values() for pair in pairs]
    assert len(pairs) >= 150
    assert len({pair["case"] for pair in pairs}) == len(pairs)
    assert all(pair["why"].endswith(".") and pair.keys() <= {"case", "why", "gold", "predicted", "verdict", "reason"} for pair in pairs)
