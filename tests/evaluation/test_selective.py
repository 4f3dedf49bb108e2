from itertools import permutations
from statistics import fmean

import pytest

from microgt.evaluation.selective import selective


def test_the_surest_are_right():
    found = selective([True, True, False, False], [0.9, 0.8, 0.3, 0.1])
    assert found.auroc == 1.0
    assert found.aurc == pytest.approx(1 - fmean([1, 1, 2 / 3, 2 / 4]))
    assert next((p.coverage, p.accuracy, p.confidence) for p in found.curve if p.coverage >= 0.5) == (0.5, 1.0, 0.8)
    assert (found.curve[-1].coverage, found.curve[-1].accuracy, found.curve[-1].confidence) == (1.0, 0.5, 0.1)


def test_the_surest_are_wrong():
    found = selective([False, False, True, True], [0.9, 0.8, 0.3, 0.1])
    assert found.auroc == 0.0
    assert found.aurc == pytest.approx(1 - fmean([0, 0, 1 / 3, 2 / 4]))


def test_confidences_that_say_nothing():
    found = selective([True, False, True, True], [0.5] * 4)
    assert found.auroc == 0.5
    assert found.aurc == pytest.approx(0.25)
    assert {point.accuracy for point in found.curve} == {0.75}


def test_ties_count_as_in_every_order():
    right, confidences = [True, False, False, True, True], [0.9, 0.5, 0.5, 0.5, 0.1]
    orders = [[0, *middle, 4] for middle in permutations([1, 2, 3])]
    risks = [fmean(1 - fmean(right[i] for i in order[:k]) for k in range(1, 6)) for order in orders]
    assert selective(right, confidences).aurc == pytest.approx(fmean(risks))
    pairs = [(a, b) for a in range(5) if right[a] for b in range(5) if not right[b]]
    above = fmean(1.0 if confidences[a] > confidences[b] else 0.5 if confidences[a] == confidences[b] else 0.0 for a, b in pairs)
    assert selective(right, confidences).auroc == pytest.approx(above)


def test_the_order_of_items_means_nothing():
    right, confidences = [True, False, True, False, True, True], [0.3, 0.3, 0.9, 0.1, 0.9, 0.2]
    assert selective(right[::-1], confidences[::-1]) == selective(right, confidences)


def test_all_right_has_no_auroc():
    found = selective([True] * 3, [0.1, 0.2, 0.3])
    assert (found.auroc, found.aurc) == (None, 0.0)
    assert selective([], []) is None
    assert len(selective([True], [0.5]).curve) == 10
