"""One budget decides how long a run is."""

import pytest

from microgt.config import compose
from microgt.errors import ConfigError
from microgt.training.budget import DEFAULT_STEPS, check_budget, steps_of


def steps(*overrides):
    config = compose("train", ["model=nano", *overrides])
    check_budget(config)
    return steps_of(config, batch=32, flops_per_example=1e6)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("seed=0", DEFAULT_STEPS),
        ("training.steps=7", 7),
        ("trainer.max_steps=5", 5),
        ("training.examples=96", 3),
        ("training.examples=97", 4),  # the last batch is read whole
        ("training.flops=3.2e8", 10),
        ("training.flops=1", 1),
    ],
)
def test_the_budget_gives_the_steps(override, expected):
    assert steps(override) == expected


def test_the_trainers_steps_may_say_the_same():
    assert steps("training.steps=7", "trainer.max_steps=7") == 7


@pytest.mark.parametrize("other", ["training.flops=1e9", "trainer.max_steps=8", "training.steps=9"])
def test_two_budgets_conflict(other):
    with pytest.raises(
        ConfigError, match=r"training\.examples=100 .*are both given: one budget decides; set the other to null|and training\.examples=100"
    ):
        steps("training.examples=100", other)


def test_budgets_are_positive_numbers():
    with pytest.raises(ConfigError, match=r"training\.examples: input should be greater than 0"):
        steps("training.examples=0")
