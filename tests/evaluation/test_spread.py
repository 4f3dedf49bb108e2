import pytest

from microgt.evaluation.spread import spread

DATABASES = ["a", "a", "b", "b", "c", "c"]


def test_mean_and_deviation_between_seeds():
    found = spread([[True, True, True, False, False, False], [True, True, True, True, True, False]], DATABASES)
    assert found.rates == (0.5, 5 / 6)
    assert found.mean == pytest.approx(2 / 3)
    assert found.deviation == pytest.approx(((1 / 6) ** 2 * 2) ** 0.5)
    assert tuple(found.interval) == (0.25, 1.0), "of databases: the third, and the first"


def test_one_seed_has_no_deviation():
    found = spread([[True, False]], ["a", "b"])
    assert (found.mean, found.deviation, tuple(found.interval)) == (0.5, None, (0.0, 1.0))


def test_one_database_has_wilsons_interval():
    found = spread([[True, False, True, True]], ["a"] * 4)
    assert tuple(found.interval) == pytest.approx((0.3006, 0.9544), abs=1e-4)


def test_nothing_and_what_does_not_fit():
    assert spread([], ["a"]) is None
    assert spread([[]], []) is None
    with pytest.raises(ValueError, match="not answer the same"):
        spread([[True], [True, False]], ["a"])
