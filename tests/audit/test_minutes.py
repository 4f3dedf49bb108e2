"""From a question, through changes of its answer, to a deployed product."""

from datetime import UTC, datetime, timedelta

from microgt.audit.events import Asked, Deployed
from microgt.audit.minutes import minutes_to_deployed

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ONE, TWO, THREE = ({"query": {"outputs": [name]}} for name in ("a.one", "a.two", "a.three"))


def asked(minute, spec, previous=None, origin="question"):
    at = BEGUN + timedelta(minutes=minute)
    return Asked(at=at, question="?", intent="answer", origin=origin, spec=spec, previous=previous)


def deployed(minute, spec, state="deployed", place="here"):
    at = BEGUN + timedelta(minutes=minute)
    return Deployed(at=at, product="p", place=place, version=1, state=state, spec=spec, sql="", data_version="v")


def test_the_chain_of_changes_is_followed_to_its_question():
    edit = {"kind": "edit", "answer": {**TWO, "view": {"kind": "chart", "mark": "bar"}}}
    events = [asked(0, TWO), asked(1, ONE), asked(2, THREE), asked(3, edit, ONE), deployed(4.5, TWO), asked(9, TWO), deployed(10, TWO)]
    assert minutes_to_deployed(events, "p", "here") == 3.5
    assert minutes_to_deployed([asked(1, ONE), asked(2, ONE), deployed(4, ONE)], "p", "here") == 2


def test_only_what_is_deployed_there_counts():
    events = [asked(0, ONE), deployed(1, ONE, "draft"), deployed(2, ONE, place="elsewhere"), deployed(3, ONE)]
    assert minutes_to_deployed(events, "p", "here") == 3
    assert minutes_to_deployed(events, "q", "here") is None
    assert minutes_to_deployed([asked(0, TWO), deployed(1, ONE)], "p", "here") is None


def test_changes_by_hand_belong_to_the_chain():
    by_hand = [
        asked(2, TWO, ONE, "by hand"),
        asked(3, ONE, TWO, "by hand"),
        asked(4, THREE, ONE, "by hand"),
        asked(5, THREE, None, "by hand"),
    ]
    for origin in ("question", "suggestion"):
        assert minutes_to_deployed([asked(0, ONE), asked(1, ONE, None, origin), *by_hand, deployed(6, THREE)], "p", "here") == 5
    assert minutes_to_deployed([asked(1, ONE, None, "by hand"), asked(2, ONE, None, "by hand"), deployed(4, ONE)], "p", "here") == 3
