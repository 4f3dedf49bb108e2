import numpy as np
import pytest

from microgt.evaluation.power import detectable, mcnemar_power
from microgt.evaluation.statistics import mcnemar


@pytest.mark.parametrize(("n", "observed", "found"), [(200, 0.044, 0.064), (1034, 0.019, 0.028), (2000, 0.014, 0.020)])
def test_the_smallest_gain_at_one_in_ten(n, observed, found):
    """Half of the time a gain that is just significant when observed is found; four times out of five takes nearly half as much again."""
    assert detectable(n, power=0.5) == pytest.approx(observed, abs=0.005)
    assert detectable(n) == pytest.approx(found, abs=0.001)


@pytest.mark.parametrize(("n", "discordance"), [(500, 0.1), (1034, 0.2), (5000, 0.05)])
def test_it_comes_near_the_normal_approximation(n, discordance):
    gain = detectable(n, discordance)
    connor = (1.96 * discordance**0.5 + 0.8416 * (discordance - gain**2) ** 0.5) / n**0.5
    assert gain == pytest.approx(connor, rel=0.06)
    assert gain > connor  # the exact test is the more careful one


def test_six_questions_are_the_fewest_that_show_anything():
    """Five answers that all changed for the better have p = 0.0625, six have 0.031."""
    assert [detectable(n) for n in range(6)] == [None] * 6
    assert detectable(6) == pytest.approx(0.8 ** (1 / 6), abs=0.001)
    assert detectable(6, 1.0) is not None


def test_more_questions_show_less_and_more_discordance_hides_more():
    gains = [detectable(n) for n in (6, 10, 30, 60, 100, 300, 1000, 3000)]
    assert gains == sorted(gains, reverse=True)
    gains = [detectable(300, discordance) for discordance in (0.0, 0.05, 0.1, 0.2, 0.4)]
    assert gains == sorted(gains)


@pytest.mark.parametrize(("n", "discordance", "gain"), [(60, 0.2, 0.15), (200, 0.1, 0.0), (200, 0.1, 0.064)])
def test_the_power_is_that_of_simulated_runs(n, discordance, gain):
    shares = [(discordance + gain) / 2, (discordance - gain) / 2, 1 - discordance]
    drawn = np.random.default_rng(0).multinomial(n, shares, size=4000)
    found = np.mean([won > lost and mcnemar(int(lost), int(won)) < 0.05 for won, lost, _ in drawn])
    assert mcnemar_power(n, discordance, gain) == pytest.approx(found, abs=0.02)
