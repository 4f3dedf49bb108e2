"""The order of batches is a function of seed, rank and step; the schedule of step and time."""

from types import SimpleNamespace

import pytest

from microgt.training.schedule import Clock, warmup_cosine
from microgt.training.stream import BatchStream, Pool


def items(count: int) -> list:
    return [SimpleNamespace(id=i, graph=SimpleNamespace(tokens=("t",) * (i % 7 + 1)), actions=()) for i in range(count)]


def stream(start: int = 0, rank: int = 0, world: int = 1, share: float = 1.0) -> BatchStream:
    return BatchStream(
        [Pool(items(50), share)], batch_size=4, seed=3, collate=lambda part, _: [p.id for p in part], start=start, rank=rank, world=world
    )


def first(batches: BatchStream, count: int) -> list:
    iterator = iter(batches)
    return [next(iterator) for _ in range(count)]


def test_resuming_repeats_the_uninterrupted_order_across_epochs():
    assert first(stream(), 40)[17:] == first(stream(start=17), 23)


def test_processes_share_an_epoch_without_overlap():
    one, two = first(stream(rank=0, world=2), 6), first(stream(rank=1, world=2), 6)
    seen = [i for batch in one + two for i in batch]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("share", "count"), [(1.0, 50), (0.5, 25), (2.0, 100), (1.5, 75)])
def test_a_share_of_the_pool_is_drawn(share, count):
    assert sum(len(b) for b in stream(share=share).epoch(0)) == count


def test_the_learning_rate_warms_up_and_falls():
    rates = [warmup_cosine(step, step / 100, warmup=10) for step in range(100)]
    assert rates.index(max(rates)) == 9
    assert rates[-1] < 0.05
    assert rates[0] == pytest.approx(0.1, rel=0.01)


def test_without_a_deadline_progress_is_a_function_of_the_step():
    clock = Clock(steps=200)
    clock.restart(before=1e9)
    assert clock.progress(50) == 0.25
    assert not clock.overdue()


def test_a_deadline_counts_the_time_of_earlier_runs():
    clock = Clock(steps=200, minutes=1)
    clock.restart(before=61)
    assert clock.progress(0) == 1.0
    assert clock.overdue()
