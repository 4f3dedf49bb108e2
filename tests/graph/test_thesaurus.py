"""Words that mean the same."""

import pytest

from microgt.graph.thesaurus import NEAR, SAME, Thesaurus, thesaurus
from microgt.graph.words import stem

SMALL = Thesaurus(["client,custom;2", "last name,surnam;3", "person;", "name;", "custom;", "usag,custom;"])


def test_what_is_in_one_meaning_is_the_same_and_one_step_apart_is_near():
    assert SMALL.kin("client") == {"custom": SAME, "person": NEAR}
    assert SMALL.kin("person") == {"client": NEAR, "custom": NEAR}
    assert SMALL.kin("surnam") == {"last name": SAME, "name": NEAR}
    assert SMALL.kin("custom") == {"client": SAME, "usag": SAME, "person": NEAR}
    assert SMALL.kin("nothing") == {}


def test_the_same_in_one_meaning_is_not_near_by_another():
    assert Thesaurus(["a,b;1", "c;", "a;3", "b;"]).kin("a") == {"b": SAME, "c": NEAR}


@pytest.mark.parametrize(
    ("one", "other", "degree"),
    [
        ("salary", "wage", SAME),
        ("surname", "last name", SAME),
        ("client", "customer", SAME),  # of the project's own
        ("truck", "vehicle", None),  # two steps apart
        ("truck", "motor vehicle", NEAR),
        ("salary", "album", None),
        ("paris", "city", None),
    ],
)
def test_that_of_microgt(one, other, degree):
    first, second = (" ".join(map(stem, phrase.split())) for phrase in (one, other))
    assert thesaurus().kin(first).get(second) == thesaurus().kin(second).get(first) == degree


def test_no_phrase_is_its_own_kin():
    assert all(phrase not in thesaurus().kin(phrase) for phrase in ("custom", "cost", "name", "last name"))


def test_single_words_that_mean_the_same():
    assert SMALL.words() == {"client": ["custom"], "custom": ["client", "usag"], "usag": ["custom"]}
