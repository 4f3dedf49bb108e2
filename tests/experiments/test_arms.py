"""Every arm is trained, kept, loaded, asked and scored by the same code."""

import pytest

from microgt.errors import GrammarError
from microgt.experiments import run as experiment
from microgt.model.predictor import Predictor
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import read_spec, write_spec
from tests.configs.test_arms import ARMS

SCHEMA = Schema("shop", (Table("orders", ("orders",), (Column("orders", "amount", ColumnType.NUMBER, ("amount",)),)),))


@pytest.mark.parametrize("arm", ARMS)
def test_an_arm_is_trained_and_answers(arm, shop, tmp_path):
    result = experiment.go_on(shop(arm, f"arm={arm}", "training.steps=5", "evaluate=validation"))
    assert (result.steps, len(result.answers)) == (5, 4)
    assert result.flops_per_example > 0
    predictor = Predictor.load(tmp_path / "runs" / arm / "checkpoint", beam=3)
    if arm.endswith("unmasked"):  # five steps teach no spelling
        assert not any(right for _, right in result.answers.values())
        with pytest.raises(GrammarError, match="the text cannot be read"):
            predictor.predict("total amount of orders above 5", SCHEMA)
        return
    found = predictor.predict("total amount of orders above 5", SCHEMA)
    assert found
    assert all(read_spec(write_spec(candidate.spec)) == candidate.spec for candidate in found)
