"""Execute gold and predictions and give each question its outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import DataError
from microgt.evaluation.item import Engine, score_one
from microgt.evaluation.prediction import Gold, Prediction
from microgt.evaluation.results import Item
from microgt.evaluation.variants import Suites
from microgt.schema.types import Schema

ROW_LIMIT = 100_000


class Databases(Protocol):
    """Where questions are asked; every `microgt.data` source is one."""

    def schema(self, db: str) -> Schema: ...
    def database(self, db: str) -> Path: ...


class Engines(Protocol):
    """Engines by the path of a DuckDB file; `EnginePool` is one."""

    def engine(self, path: Path) -> Engine: ...


@dataclass(frozen=True, slots=True)
class Scored:
    """A gold question with what was predicted for it."""

    gold: Gold
    prediction: Prediction


def evaluation_engines() -> EnginePool:
    """Workers with the row cap of evaluation."""
    return EnginePool(Limits(rows=ROW_LIMIT, strict_rows=True), most=8)


def pair(golds: Sequence[Gold], predictions: Iterable[Prediction]) -> list[Scored]:
    """Gold with its predictions, by id. A question without one gets an empty prediction.

    Raises `DataError` for predictions that are there twice or belong to no question.
    """
    found: dict[str, Prediction] = {}
    for prediction in predictions:
        if prediction.id in found:
            raise DataError(f"two predictions for the question {prediction.id!r}")
        found[prediction.id] = prediction
    unknown = found.keys() - {gold.id for gold in golds}
    if unknown:
        raise DataError(f"predictions for questions that are not asked: {', '.join(sorted(unknown)[:5])}")
    return [Scored(gold, found.get(gold.id) or Prediction(gold.id, error="nothing was predicted")) for gold in golds]


def score(
    items: Iterable[Scored],
    databases: Databases,
    *,
    trained_on: Collection[str] | None = None,
    engines: Callable[[], AbstractContextManager[Engines]] = evaluation_engines,
    workers: int = 1,
    variants: Suites | None = None,
    on_item: Callable[[Item], None] = lambda _: None,
) -> list[Item]:
    """The outcome of each item, in the given order, whatever the number of workers.

    trained_on: databases that count as seen. engines: opens the engines of one worker. workers: databases looked at in parallel.
    variants: of the databases; a match must hold on each.
    on_item: called after each item, in no particular order.
    """
    scored = list(items)
    by_database: dict[str, list[int]] = {}
    for i, item in enumerate(scored):
        by_database.setdefault(item.gold.db, []).append(i)

    stop = Event()

    def score_database(db: str) -> list[tuple[int, Item]]:
        done = []
        seen = None if trained_on is None else db in trained_on
        schema, path = databases.schema(db), databases.database(db)
        files = variants.of(db, schema, path) if variants else ()
        with engines() as pool:
            for i in by_database[db]:
                if stop.is_set():
                    break
                gold = scored[i].gold
                tested = [None if gold.id in file.silent else pool.engine(file.path) for file in files]
                item = score_one(gold, scored[i].prediction, schema, pool.engine(path), seen=seen, variants=tested)
                on_item(item)
                done.append((i, item))
        return done

    if workers == 1:
        groups = [score_database(db) for db in by_database]
    else:
        executor = ThreadPoolExecutor(workers)
        try:
            groups = list(executor.map(score_database, by_database))
        finally:  # also when interrupted: no database is begun any more, and those begun end after their current item
            stop.set()
            executor.shutdown(cancel_futures=True)
    return [item for _, item in sorted((pair for group in groups for pair in group), key=lambda pair: pair[0])]
