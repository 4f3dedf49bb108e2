"""The order of batches is a function of seed, rank and step; the schedule of step and time."""

from types import SimpleNamespace

import pytest

from microgt.errors import DataError
from microgt.training.schedule import Clock, warmup_cosine
from microgt.training.stream import BatchStream, Pool


def items(count: int) -> list:
    return [SimpleNamespace(id=i, graph=SimpleNamespace(tokens=("t",) * (i % 7 + 1)), actions=()) for i in range(count)]


def stream(
    start: int = 0, rank: int = 0, world: int = 1, share: float = 1.0, size: int = 4, parts: int = 1, count: int = 50
) -> BatchStream:
    return BatchStream(
        [Pool(items(count), share)],
        batch_size=size,
        seed=3,
        collate=lambda part, *_: [p.id for p in part],
        start=start,
        rank=rank,
        world=world,
        accumulate=parts,
    )


def first(batches: BatchStream, count: int) -> list:
    iterator = iter(batches)
    return [next(iterator) for _ in range(count)]


def test_resuming_repeats_the_uninterrupted_order_across_epochs():
    assert first(stream(), 40)[17:] == first(stream(start=17), 23)


@pytest.mark.parametrize(("world", "parts", "count"), [(2, 1, 50), (3, 1, 49), (2, 2, 51), (4, 1, 129), (2, 1, 513)])
def test_processes_share_each_epoch_without_repeats_and_leave_nothing(world, parts, count):
    whole = stream(world=world, parts=parts, count=count).epoch(0)
    ranks = [first(stream(rank=rank, world=world, parts=parts, count=count), len(whole) * parts) for rank in range(world)]
    assert all(batch for rank in ranks for batch in rank)
    assert sorted(i for rank in ranks for batch in rank for i in batch) == list(range(count))


def test_a_step_of_several_is_the_step_of_one_with_all_their_items():
    alone = first(stream(size=8), 20)
    ranks = [first(stream(rank=rank, world=2), 20) for rank in range(2)]
    assert [sorted(one + two) for one, two in zip(*ranks, strict=True)] == [sorted(batch) for batch in alone]
    parts = first(stream(size=8, parts=2), 40)
    assert [sorted(one + two) for one, two in zip(parts[::2], parts[1::2], strict=True)] == [sorted(batch) for batch in alone]


def test_each_process_resumes_where_it_was():
    for rank in range(2):
        assert first(stream(rank=rank, world=2, parts=2), 80)[34:] == first(stream(rank=rank, world=2, parts=2, start=17), 46)


def test_too_few_items_for_all_processes():
    with pytest.raises(DataError, match="an epoch of 3 questions has none for some of 4 parts of a step"):
        stream(world=2, parts=2, count=3).epoch(0)


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
