"""The encoder of the main model attends by `microgt_kernels.relation_attention` and by nothing else."""

import ast
import inspect

import pytest
import torch

from microgt.blocks.attention import heads, relation
from microgt.build import build
from microgt.config import compose
from microgt.model.collate import collate


@pytest.fixture
def batch(make_graph, random_actions, lexicon):
    graphs = [make_graph(0), make_graph(1, words=4, columns=9)]
    return collate(graphs, [random_actions(g, 5) for g in graphs], lexicon)


def model(*overrides):
    torch.manual_seed(0)
    return build(compose("describe", overrides)["model"]).eval()


def refuse(*_, **__):
    raise AssertionError("attention by something else")


@pytest.mark.parametrize("size", ["nano", "micro"])
def test_every_layer_of_the_encoder_attends_by_the_function(size, batch, monkeypatch):
    parser, seen = model(f"model={size}"), []
    attend = relation.relation_attention

    def watched(q, *args, **kwargs):
        seen.append(kwargs["backend"])
        return attend(q, *args, **kwargs)

    monkeypatch.setattr(relation, "relation_attention", watched)
    for name in ("attend", "scaled_dot_product_attention"):
        monkeypatch.setattr(heads, name, refuse)
    monkeypatch.setattr(torch.Tensor, "softmax", refuse)
    x, rel, mask = (
        torch.randn(2, 9, compose("describe", [f"model={size}"])["size"]["dim"]),
        torch.zeros(2, 9, 9, dtype=torch.uint8),
        torch.ones(2, 9).bool(),
    )
    parser.encoder(x, rel, mask)
    assert seen == ["auto"] * len(parser.encoder.layers)


def test_its_module_has_no_attention_of_its_own():
    tree = ast.parse(inspect.getsource(relation))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "relation_attention" in imported
    assert not (imported | called) & {"scaled_dot_product_attention", "attend", "softmax", "logsumexp", "exp", "bmm", "einsum", "matmul"}
    assert not any(isinstance(node, ast.MatMult) for node in ast.walk(tree))


def test_another_backend_changes_no_result(batch):
    want = model("model=nano")(batch)
    got = model("model=nano", "model.encoder.attention.backend=reference")(batch)
    torch.testing.assert_close(got.logits, want.logits, rtol=1e-4, atol=1e-4)
    assert not torch.equal(got.item_logits, torch.zeros_like(got.item_logits))
