"""A model whose links are found by meaning travels as any other: relations of words near a name come out the same in ONNX."""

import numpy as np
import torch

from microgt.blocks.relations import RelationVectors
from microgt.build import build
from microgt.config import compose
from microgt.export.export import write
from microgt.graph.words import stem
from microgt.model.checkpoint import Checkpoint, describe_making
from microgt.model.lexicon import Lexicon
from microgt.model.loading import load_proposer
from microgt.model.predictor import Predictor
from tests.export.conftest import SHOP

WORDS = ("amount", "region", "sum", "area", "order", "house")
VECTORS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.96, 0.28], [0.3, 0.9], [-1.0, 0.1], [0.5, -0.9]])
SMALL = ("model=nano", "model/embedder/links=meaning", "model/decoder/attention=tree", "model.embedder.tokens.size=2")
QUESTION = "sum by area"


def first_step(proposer):
    stepper, writing = proposer.read([proposer.graph(QUESTION, SHOP)])
    return stepper.step(*writing.inputs([writing.start(0)]), stepper.start())[0]


def test_links_by_meaning_in_onnx_are_those_of_torch(tmp_path, monkeypatch):
    monkeypatch.setattr("microgt.blocks.static.distilled", lambda size, teacher: ([stem(w) for w in WORDS], VECTORS))
    config = compose("describe", list(SMALL))["model"]
    lexicon = Lexicon.from_tokens([], embedder=config["embedder"]["tokens"])
    config["embedder"]["words"] = len(lexicon)
    torch.manual_seed(0)
    model = build(config).eval()
    model.embedder.tokens.load_pretrained(lexicon)
    model.embedder.links.load_pretrained(lexicon)
    for part in model.modules():
        if isinstance(part, RelationVectors):
            torch.nn.init.normal_(part.table)  # they start near zero
    checkpoint = Checkpoint(model, lexicon, describe_making(config))
    ours = Predictor(checkpoint)
    want = first_step(ours)
    write(tmp_path / "onnx", checkpoint, "onnx", graphs=[ours.graph(QUESTION, SHOP)])
    np.testing.assert_allclose(first_step(load_proposer(tmp_path / "onnx")), want, atol=1e-4)
    model.embedder.links.base.zero_()
    assert not np.allclose(first_step(ours), want, atol=1e-3), "the question has links by meaning"
