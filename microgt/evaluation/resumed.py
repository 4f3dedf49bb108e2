"""Predicting and scoring that go on where an interrupted run ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError

from microgt.errors import DataError, SpecError
from microgt.evaluation.journal import Journal, key_of
from microgt.evaluation.prediction import Gold, Prediction
from microgt.evaluation.results import Item
from microgt.evaluation.score import Databases, Scored
from microgt.spec.json import read_spec, write_spec

ITEM, PREDICTION = "item", "prediction"

Asked = TypeVar("Asked", bound=Gold)


def score_on(
    journal: Journal,
    items: Sequence[Scored],
    databases: Databases,
    score: Callable[[Sequence[Scored], Callable[[Item], None]], list[Item]],
) -> list[Item]:
    """The items of the journal, and those that `score(rest, on_item)` finds, in the given order."""
    stamp = cache(lambda db: _stamp(databases, db))
    keys = {item.gold.id: _key(item, stamp(item.gold.db)) for item in items}
    known = {name: item for name, key in keys.items() if (item := _read_item(journal.find(ITEM, key)))}
    rest = [item for item in items if item.gold.id not in known]
    for item in score(rest, lambda item: journal.write(ITEM, keys[item.id], item.model_dump(mode="json"))):
        known[item.id] = item
    return [known[item.gold.id] for item in items]


def predict_on(
    journal: Journal, golds: Sequence[Asked], databases: Databases, predict: Callable[[Sequence[Asked]], Iterable[Prediction]]
) -> list[Prediction]:
    """The predictions of the journal, and those that `predict(rest)` makes, in the given order."""
    stamp = cache(lambda db: _stamp(databases, db))
    keys = {gold.id: key_of(gold.id, gold.db, gold.question, stamp(gold.db)) for gold in golds}
    known = {name: made for name, key in keys.items() if (made := _read_prediction(name, journal.find(PREDICTION, key)))}
    for made in predict([gold for gold in golds if gold.id not in known]):
        journal.write(PREDICTION, keys[made.id], _answer(made))
        known[made.id] = made
    return [known[gold.id] for gold in golds]


def _stamp(databases: Databases, db: str) -> list[str | int] | None:
    """What changes when the database does; None when it cannot be had."""
    try:
        path = databases.database(db)
        stat = path.stat()
    except (DataError, OSError):
        return None
    return [str(path), stat.st_mtime_ns, stat.st_size]


def _key(item: Scored, stamp: list[str | int] | None) -> str:
    """Of all that is said about the item."""
    gold, given = item.gold, item.prediction
    asked = [gold.id, gold.db, gold.question, gold.category, gold.sql, gold.spec and write_spec(gold.spec)]
    return key_of(asked, _answer(given), stamp)


def _answer(prediction: Prediction) -> dict[str, Any]:
    spec = prediction.spec and write_spec(prediction.spec)
    return {
        "spec": spec,
        "sql": prediction.sql,
        "error": prediction.error,
        "confidence": prediction.confidence,
        "seconds": prediction.seconds,
    }


def _read_item(found: Any) -> Item | None:
    try:
        return None if found is None else Item.model_validate(found)
    except ValidationError:
        return None


def _read_prediction(name: str, found: Any) -> Prediction | None:
    try:
        return None if found is None else Prediction(name, **found | {"spec": found["spec"] and read_spec(found["spec"])})
    except (TypeError, KeyError, SpecError):
        return None
