"""The calibrator on synthetic answers whose truth is known."""

import dataclasses
import json
import random

import pytest

from microgt.errors import DataError
from microgt.evaluation.calibration import Calibrator, Judged, Thresholds, calibrate, threshold_for
from microgt.evaluation.reliability import reliability


def answers(n: int, seed: int, shift: float = 0.0, share: float = 0.6) -> list[Judged]:
    """About five databases. Right ones have the higher `sure` and `linked`; `noise` says nothing. shift: how much too sure the model is."""
    rng = random.Random(seed)
    found = []
    for _ in range(n):
        right = rng.random() < share
        sure = (1.0 if right else -1.0) + rng.gauss(0, 1) + shift
        found.append(
            Judged(
                {"sure": sure, "linked": (0.5 if right else -0.5) + rng.gauss(0, 1), "noise": rng.gauss(0, 1)},
                right,
                f"{seed}{len(found) % 5}",
            )
        )
    return found


SETS = {"own": answers(600, 1, 0.5, 0.8), "reworded": answers(200, 2, 0.3, 0.6), "business": answers(120, 3, 0.8, 0.4)}


def test_confidences_are_what_they_say():
    found = calibrate(SETS)
    right = [a.right for answers in SETS.values() for a in answers]
    confidences = [found.calibrator.confidence(a.signs) for answers in SETS.values() for a in answers]
    measured = reliability(right, confidences)
    assert measured
    assert measured.error < 0.08
    weights = dict(zip(found.calibrator.names, found.calibrator.weights, strict=True))
    assert weights["sure"] > weights["linked"] > abs(weights["noise"])


def test_each_set_counts_alike():
    lopsided = {"large": answers(3000, 4, 0.0, 0.5), "small": answers(60, 5, 4.0, 0.5)}
    found = calibrate(lopsided)
    without = calibrate({"large": lopsided["large"], "again": answers(60, 6, 0.0, 0.5)})
    over = [found.calibrator.confidence(a.signs) for a in lopsided["small"]]
    worse = [without.calibrator.confidence(a.signs) for a in lopsided["small"]]
    assert sum(over) / len(over) < sum(worse) / len(worse) - 0.1


def test_enough_of_the_answers_given_are_right_on_every_set():
    found = calibrate(SETS)
    threshold = found.calibrator.thresholds.words
    assert 0 < threshold < 1
    assert found.calibrator.thresholds == Thresholds(threshold, threshold, threshold)  # none has coded names or charts
    for name, judged in SETS.items():
        given = [a.right for a, c in zip(judged, found.confidences[name], strict=True) if c >= threshold]
        assert sum(given) >= 0.85 * len(given)
    assert sum(c >= threshold for c in found.confidences["own"]) > 100


def test_confidences_of_a_database_come_from_a_calibrator_that_has_not_seen_it():
    """Whatever is right on one database; that a second set asks about it too changes nothing."""
    other = [dataclasses.replace(a, right=not a.right) if a.db == "10" else a for a in SETS["own"]]
    found = [calibrate({"own": own, "again": [*own, *SETS["business"]]}) for own in (SETS["own"], other)]
    one, two = ([c for a, c in zip(SETS["own"], f.confidences["own"], strict=True) if a.db == "10"] for f in found)
    assert one == two
    assert found[0].confidences["own"] != found[1].confidences["own"]
    assert found[0].without["10"].weights == found[1].without["10"].weights
    assert {c.thresholds for c in found[0].without.values()} == {found[0].calibrator.thresholds}


@pytest.mark.parametrize("kind", ["coded", "charts"])
def test_answers_of_a_kind_have_a_threshold_of_their_own(kind):
    """Of them fewer are right; the others' threshold does not rise for that, as one for all would."""
    harder = answers(600, 7, 1.5, 0.3)
    own = [dataclasses.replace(a, kind=kind) for a in harder]
    found, one = calibrate({**SETS, "harder": own}), calibrate({**SETS, "harder": harder})
    thresholds = found.calibrator.thresholds
    assert thresholds.words < one.calibrator.thresholds.words
    assert thresholds.words < thresholds.of(kind) < 1
    given = [a.right for a, c in zip(own, found.confidences["harder"], strict=True) if c >= thresholds.of(kind)]
    assert sum(given) >= 0.85 * len(given) > 0
    alone = calibrate({"harder": own}).calibrator.thresholds
    assert alone.words == alone.coded == alone.charts


def test_few_answers_of_a_kind_raise_only_the_threshold_of_what_most_are():
    """Of a set of charts the few that are none, mostly wrong, count where the set is judged as a whole."""
    charts = [dataclasses.replace(a, kind="charts") for a in answers(300, 8, 0.5, 0.7)]
    wrong = [dataclasses.replace(a, right=False) for a in answers(20, 9, 0.5, 0.5)]
    found, alone = calibrate(SETS, beside={"charts": [*charts, *wrong]}), calibrate(SETS, beside={"charts": charts})
    thresholds = found.calibrator.thresholds
    assert thresholds.words == alone.calibrator.thresholds.words == calibrate(SETS).calibrator.thresholds.words
    assert thresholds.charts > alone.calibrator.thresholds.charts
    given = [a.right for a, c in zip([*charts, *wrong], found.confidences["charts"], strict=True) if c >= thresholds.of(a.kind)]
    assert sum(given) >= 0.85 * len(given) > 0


def test_what_is_given_of_other_kinds_counts_in_a_set():
    """A few charts, all wrong and sure enough for the charts' threshold, raise that of the set which is mostly none."""
    wrong = [dataclasses.replace(a, kind="charts", right=False) for a in answers(12, 8, 0.0, 1.0)]
    charts = [dataclasses.replace(a, kind="charts") for a in answers(300, 9, 0.5, 0.8)]
    own = answers(300, 11, 0.5, 0.8)
    found, alone = (calibrate({"own": few, "charts": charts}) for few in ([*own, *wrong], own))
    thresholds = found.calibrator.thresholds
    assert thresholds.words > alone.calibrator.thresholds.words
    given = [(a, c) for a, c in zip([*own, *wrong], found.confidences["own"], strict=True) if c >= thresholds.of(a.kind)]
    assert any(a.kind == "charts" for a, _ in given)
    assert sum(a.right for a, _ in given) >= 0.85 * len(given)


def test_a_kind_that_is_most_of_no_set_is_judged_where_it_occurs():
    coded = [dataclasses.replace(a, kind="coded", right=False) for a in answers(40, 8, 2.0, 1.0)]
    found = calibrate({**SETS, "own": [*SETS["own"], *coded]})
    assert found.calibrator.thresholds.coded == 1.0 > found.calibrator.thresholds.charts


def test_a_sign_far_from_all_that_was_fitted_says_no_more_than_a_far_one():
    """Where it is fitted and where it is asked."""
    found = calibrate(SETS).calibrator
    at = {name: found.confidence({**dict.fromkeys(found.names, 0.0), "sure": x}) for name, x in (("far", 10.0), ("farther", 1000.0))}
    assert at["far"] == at["farther"] < 0.999
    rare = [dataclasses.replace(a, right=True, signs={**a.signs, "rare": 1.0}) for a in SETS["own"][:5]]
    rest = [dataclasses.replace(a, signs={**a.signs, "rare": 0.0}) for a in SETS["own"][5:]]
    limited = dict(zip((c := calibrate({"own": [*rare, *rest]}).calibrator).names, c.weights, strict=True))["rare"]
    assert 0 < limited < 0.06  # 5 of 600 are 11 scales from the mean: 0.074 if all of that counted


def test_an_older_calibrator_has_no_limit():
    """Its thresholds were chosen without one."""
    found = calibrate(SETS).calibrator
    old = Calibrator.from_json({name: value for name, value in found.to_json().items() if name != "far"})
    signs = {**dict.fromkeys(found.names, 0.0), "sure": 1000.0}
    assert old.confidence(signs) > 0.999 > found.confidence(signs)
    assert Calibrator.from_json(json.loads(json.dumps(old.to_json(), allow_nan=False))) == old


def test_the_threshold_is_the_lowest_that_holds():
    one = [(True, 0.9), (True, 0.8), (True, 0.7), (False, 0.6)]
    two = [(True, 0.95), (False, 0.75), (True, 0.65)]
    assert threshold_for({"one": one}) == 0.7
    assert threshold_for({"one": one}, least=0.75) == 0.6
    assert threshold_for({"one": one, "two": two}) == 0.8
    assert threshold_for({"none": [(False, 0.9)]}) == 1.0


def test_a_calibrator_is_stored_as_json():
    found = calibrate(SETS).calibrator
    assert Calibrator.from_json(found.to_json()) == found
    with pytest.raises(DataError, match="no calibration"):
        Calibrator.from_json({"names": []})
    with pytest.raises(DataError, match="differ in length"):
        Calibrator.from_json(dataclasses.replace(found, weights=()).to_json())
    with pytest.raises(DataError, match="'coded'"):
        Calibrator.from_json({**found.to_json(), "thresholds": {"words": 0.5}})
    with pytest.raises(DataError, match="between 0 and 1, not at 0.5, nan and 0.5"):
        Calibrator.from_json({**found.to_json(), "thresholds": {"words": 0.5, "coded": "nan"}})


def test_fewer_thresholds_as_they_were_written_before():
    found = calibrate(SETS).calibrator.to_json()
    two = {**found, "thresholds": {"words": 0.5, "coded": 0.7}}
    assert Calibrator.from_json(two).thresholds == Thresholds(words=0.5, coded=0.7, charts=0.5)
    del found["thresholds"]
    assert Calibrator.from_json({**found, "threshold": 0.6}).thresholds == Thresholds(0.6, 0.6, 0.6)


def test_what_can_not_be_calibrated():
    with pytest.raises(DataError, match="two or more databases"):
        calibrate({"one": [dataclasses.replace(a, db="only") for a in SETS["own"]]})
    with pytest.raises(DataError, match="no set may be empty"):
        calibrate({"one": SETS["own"], "two": []})


def test_answers_that_are_all_right_have_a_confidence_too():
    sure = [dataclasses.replace(a, right=True) for a in SETS["own"][:40]]
    found = calibrate({"one": sure, "two": sure})
    assert all(found.calibrator.confidence(a.signs) > 0.9 for a in sure)


def test_reliability_by_hand():
    found = reliability([True, True, False, True], [0.95, 0.95, 0.45, 0.45])
    assert found
    assert [(b.n, b.accuracy) for b in found.bins] == [(2, 0.5), (2, 1.0)]
    assert found.error == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)
    assert reliability([], []) is None
    sure = reliability([True], [1.0])
    assert sure
    assert sure.error == 0
