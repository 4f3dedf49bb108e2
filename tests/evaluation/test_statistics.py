import pytest

from microgt.evaluation.statistics import cluster_bootstrap, mcnemar, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (160, 200, 0.7391, 0.8495),
        (400, 500, 0.7627, 0.8327),
        (827, 1034, 0.7744, 0.8230),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-4)


def test_wilson_refuses_more_right_than_there_are():
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@pytest.mark.parametrize(("first", "second", "p"), [(0, 0, 1.0), (5, 5, 1.0), (0, 5, 0.0625), (3, 9, 598 / 4096), (10, 0, 2 / 1024)])
def test_mcnemar(first, second, p):
    assert mcnemar(first, second) == pytest.approx(p)
    assert mcnemar(second, first) == pytest.approx(p)


def test_mcnemar_of_many():
    assert 0 < mcnemar(400, 700) < 1e-15


def test_bootstrap_is_seeded_and_covers_the_rate():
    right = [i % 4 != 0 for i in range(200)]
    clusters = [f"db{i // 20}" for i in range(200)]
    interval = cluster_bootstrap(right, clusters)
    assert interval == cluster_bootstrap(right, clusters)
    assert interval is not None
    assert interval.low <= 0.75 <= interval.high


def test_bootstrap_is_wide_when_whole_databases_fail():
    """Two databases, one all right and one all wrong: a quarter of the draws hold only one of them."""
    assert cluster_bootstrap([True] * 50 + [False] * 50, ["a"] * 50 + ["b"] * 50) == (0.0, 1.0)


def test_bootstrap_of_one_database_says_nothing():
    assert cluster_bootstrap([True, False], ["a", "a"]) is None
    assert cluster_bootstrap([], []) is None
