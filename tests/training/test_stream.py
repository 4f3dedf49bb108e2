"""The order of batches is a function of seed, rank and step; the schedule of step and time."""

import numpy as np
import pytest

from microgt.errors import DataError
from microgt.training.schedule import Clock, warmup_cosine
from microgt.training.stream import BatchStream, Pool


class Held:
    """Items in memory, which are their places from `first` on."""

    def __init__(self, count: int, first: int = 0):
        self.first, self.nodes = first, np.arange(count) % 7 + 1
        self.steps = self.named = np.zeros(count, dtype=int)

    def __len__(self) -> int:
        return len(self.nodes)

    def take(self, places) -> list[int]:
        return [self.first + int(place) for place in places]


def stream(
    start: int = 0, rank: int = 0, world: int = 1, share: float = 1.0, size: int = 4, parts: int = 1, count: int = 50
) -> BatchStream:
    return BatchStream(
        [Pool(Held(count), share)],
        batch_size=size,
        seed=3,
        collate=lambda part, *_: part,
        start=start,
        rank=rank,
        world=world,
        accumulate=parts,
    )


def first(batches: BatchStream, count: int) -> list:
    iterator = iter(batches)
    return [next(iterator) for _ in range(count)]


def test_batches_of_a_seed_are_always_the_same():
    assert first(stream(share=1.5), 3) == [[21, 40, 9, 23], [28, 27, 11, 15], [46, 36, 24, 1]]
    assert first(stream(rank=1, world=2, parts=2, start=17), 2) == [[34, 5], [44, 30]]


@pytest.mark.parametrize(("cap", "mixed"), [(None, False), (20, True)])
def test_wide_schemas_are_batched_by_what_is_left_of_them(cap, mixed):
    """Half of the items have 40 nodes, half 240, of which 230 and 30 can be named: cut to a cap, they are of one size."""
    pool = Pool(Held(64))
    wide = np.arange(64) % 2 == 0
    pool.items.nodes, pool.items.named = np.where(wide, 240, 40), np.where(wide, 230, 30)
    batches = BatchStream([pool], batch_size=8, seed=3, collate=lambda part, *_: part, cap=cap)
    assert any(len({bool(wide[i]) for i in batch}) == 2 for batch in first(batches, 8)) == mixed


def test_several_pools_are_one():
    pools = [Pool(Held(30)), Pool(Held(20, first=30))]
    both = BatchStream(pools, batch_size=4, seed=3, collate=lambda part, *_: part)
    assert sorted(i for batch in first(both, len(both.epoch(0))) for i in batch) == list(range(50))


def test_items_that_a_process_does_not_take_are_not_read(monkeypatch):
    read = []
    take = Held.take
    monkeypatch.setattr(Held, "take", lambda self, places: read.extend(found := take(self, places)) or found)
    batches = first(stream(rank=1, world=2, count=400), 20)
    assert read == [i for batch in batches for i in batch]


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
