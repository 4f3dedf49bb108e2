"""A model without some links or flags is the same for graphs that differ in nothing else."""

import dataclasses

import numpy as np
import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.errors import ConfigError
from microgt.graph import Relation
from microgt.graph.synonyms import SAME_COLUMN, SAME_TABLE
from microgt.model.collate import collate
from microgt.model.view import Without
from tests.configs.test_model_steps import SMALL


@pytest.fixture
def logits(make_graph, random_actions, lexicon):
    """`logits(ablation, relation=None, flag=None)`: with every relation of a graph set to one, or a flag of every node set to 1."""
    graph = make_graph(1)
    actions = random_actions(graph)

    def ask(ablation, *, relation=Relation.QC_NONE, flag=None):
        flags = np.zeros_like(graph.flags)
        if flag is not None:
            flags[:, flag] = 1
        changed = dataclasses.replace(graph, relations=np.full_like(graph.relations, relation), flags=flags)
        torch.manual_seed(0)
        model = build(compose("train", [*SMALL, "model=nano", f"ablation={ablation}"])["model"]).eval()
        with torch.no_grad():
            return model(collate([changed], [actions], lexicon)).logits

    return ask


@pytest.mark.parametrize(
    ("ablation", "hidden", "none", "shown"),
    [
        ("no_linking", Relation.QC_EXACT, Relation.QC_NONE, Relation.QC_VALUE),
        ("no_linking", Relation.TQ_PARTIAL, Relation.TQ_NONE, Relation.CC_KEY),
        ("no_values", Relation.CQ_VALUE, Relation.CQ_NONE, Relation.CQ_EXACT),
        ("no_values", Relation.VC_CELL, Relation.VC_NONE, Relation.CT_PRIMARY),
        ("no_values", Relation.VQ_FROM, Relation.VQ_NONE, Relation.VV_SAME),
    ],
)
def test_hidden_links_are_none(logits, ablation, hidden, none, shown):
    assert torch.equal(logits(ablation, relation=hidden), logits(ablation, relation=none))
    assert not torch.equal(logits(ablation, relation=shown), logits(ablation, relation=none))
    assert not torch.equal(logits("none", relation=hidden), logits("none", relation=none))


def test_words_that_mean_the_same_are_links_of_names():
    further = torch.tensor([[[SAME_COLUMN, SAME_TABLE, Relation.CC_KEY]]], dtype=torch.uint8)
    named = Without(links=["QC_EXACT", "QC_PARTIAL", "QT_EXACT", "QT_PARTIAL"])
    assert named.seen[further.int()].tolist() == [[[Relation.QC_NONE, Relation.QT_NONE, Relation.CC_KEY]]]
    assert torch.equal(Without(links=["QC_VALUE"]).seen[further.int()], further)


def test_types_and_keys_are_hidden_and_sources_of_values_are_not(logits):
    assert torch.equal(logits("no_flags", flag=5), logits("no_flags"))
    assert torch.equal(logits("no_flags", flag=0), logits("no_flags"))
    assert not torch.equal(logits("no_flags", flag=8), logits("no_flags"))
    assert not torch.equal(logits("none", flag=5), logits("none"))


def test_what_is_no_link():
    with pytest.raises(ConfigError, match="links: no relation 'QC_EXAKT'; did you mean 'QC_EXACT'"):
        Without(links=["QC_EXAKT"])
