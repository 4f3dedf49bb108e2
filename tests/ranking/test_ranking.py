"""A ranking, and what it has learned of each database."""

import json

import numpy as np
import pytest

from microgt.errors import CheckpointError, DataError
from microgt.ranking import NAMES, Marked, Ranking, learn

F = len(NAMES)


def questions(db: str, seed: int, sign: float = 1.0, count: int = 60) -> list[Marked]:
    """Of three readings the one with the largest first feature is right; with the smallest where sign is -1."""
    rng = np.random.default_rng(seed)
    rows = [rng.normal(size=(3, F)) for _ in range(count)]
    return [Marked(db, r, np.arange(3) == np.argmax(sign * r[:, 0])) for r in rows]


def test_figures_of_a_database_come_from_a_ranker_that_has_not_learned_on_it():
    """Whatever is right on one database, the ranker for its figures is the same; that of all is not."""
    others = [*questions("a", 1), *questions("b", 2)]
    one, other = (learn([*others, *questions("c", 3, sign)]) for sign in (1.0, -1.0))
    assert one.unseen("c").to_json() == other.unseen("c").to_json()
    assert one.to_json() != other.to_json()
    assert one.unseen("a").to_json() != other.unseen("a").to_json()
    assert one.unseen("new").to_json() == one.to_json()
    assert one.unseen("c").without == {}


def test_one_database_does_not_suffice():
    with pytest.raises(DataError, match="two or more databases"):
        learn(questions("a", 1))


def test_json_comes_back_and_what_is_damaged_is_refused():
    ranking = learn([*questions("a", 1), *questions("b", 2)])
    data = json.loads(json.dumps(ranking.to_json()))
    assert Ranking.from_json(data).to_json() == data
    for broken in ([], {}, {"ranker": data["ranker"]}, {**data, "without": []}, {**data, "without": {"a": {}}}, {**data, "more": 1}):
        with pytest.raises(CheckpointError):
            Ranking.from_json(broken)
