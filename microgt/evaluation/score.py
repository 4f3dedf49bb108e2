"""Execute gold and predictions and give each question its outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Protocol

from microgt.engine.duckdb import EnginePool, Limits
from microgt.errors import DataError
from microgt.evaluation.agreement import SpecReader
from microgt.evaluation.difficulty import difficulty_of
from microgt.evaluation.item import Engine, score_one
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.prediction import NOTHING, Gold, Prediction
from microgt.evaluation.remembered import RememberingPool
from microgt.evaluation.results import Item
from microgt.evaluation.variants import Suites
from microgt.schema.types import Schema

ROW_LIMIT = 100_000


class Databases(Protocol):
    """Where questions are asked; every `microgt.data` source is one."""

    def schema(self, db: str) -> Schema: ...
    def database(self, db: str) -> Path: ...


class Engines(Protocol):
    """Engines by the path of a DuckDB file; `RememberingPool` and `EnginePool` are such."""

    def engine(self, path: Path) -> Engine: ...


@dataclass(frozen=True, slots=True)
class Scored:
    """A gold question with what was predicted for it."""

    gold: Gold
    prediction: Prediction


def evaluation_engines() -> RememberingPool:
    """A worker with the row cap of evaluation, which runs no query twice."""
    return RememberingPool(EnginePool(Limits(rows=ROW_LIMIT, strict_rows=True)))


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
    return [Scored(gold, found.get(gold.id) or Prediction(gold.id, error=NOTHING)) for gold in golds]


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
    on_item: called after each item, in no particular order, from several threads.
    """
    scored = list(items)
    by_database: dict[str, list[int]] = {}
    for i, item in enumerate(scored):
        by_database.setdefault(item.gold.db, []).append(i)
    largest_first = sorted(by_database, key=lambda db: -len(by_database[db]))  # so that no worker is left with one at the end
    stop = Event()
    free: SimpleQueue[Engines] = SimpleQueue()

    def score_database(db: str) -> list[tuple[int, Item]]:
        seen = None if trained_on is None else db in trained_on
        engines = free.get()
        try:
            return list(score_all(by_database[db], _scorer(databases, db, engines, seen, variants)))
        finally:
            free.put(engines)

    def score_all(places: list[int], scorer: Callable[[Scored], Item]) -> Iterator[tuple[int, Item]]:
        for i in places:
            if stop.is_set():
                break
            item = scorer(scored[i])
            on_item(item)
            yield i, item

    with ExitStack() as stack:
        workers = min(workers, len(by_database))
        for _ in range(workers):
            free.put(stack.enter_context(engines()))
        if workers < 2:
            groups = list(map(score_database, largest_first))
        else:
            executor = ThreadPoolExecutor(workers)
            try:
                groups = list(executor.map(score_database, largest_first))
            finally:  # also when interrupted: no database is begun any more, and those begun end after their current item
                stop.set()
                executor.shutdown(cancel_futures=True)
    return [item for _, item in sorted((pair for group in groups for pair in group), key=lambda pair: pair[0])]


def _scorer(databases: Databases, db: str, engines: Engines, seen: bool | None, variants: Suites | None) -> Callable[[Scored], Item]:
    """Scores the questions about one database; when it cannot be used, that is the outcome of each."""
    try:
        schema, path = databases.schema(db), databases.database(db)
        files = variants.of(db, schema, path) if variants else ()
    except DataError as error:
        return partial(_unusable, error=str(error), seen=seen)

    reader = SpecReader(schema)

    def scored(item: Scored) -> Item:
        tested = [None if item.gold.id in file.silent else engines.engine(file.path) for file in files]
        return score_one(item.gold, item.prediction, reader, engines.engine(path), seen=seen, variants=tested)

    return scored


def _unusable(item: Scored, *, error: str, seen: bool | None) -> Item:
    gold = item.gold
    return Item(
        id=gold.id,
        db=gold.db,
        category=gold.category,
        question=gold.question,
        difficulty=difficulty_of(gold.sql, gold.spec),
        outcome=Outcome.GOLD_ERROR,
        error=error,
        gold_sql=gold.sql,
        seen=seen,
    )
