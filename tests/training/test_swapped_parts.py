"""A model of swapped parts is trained by the command's own code, and its checkpoint brings all of them back."""

import torch

from microgt.blocks.mixture import Mixture
from microgt.model.checkpoint import read_checkpoint
from microgt.model.collate import collate
from tests.model.conftest import make_graph

__all__ = ["make_graph"]


def test_swapped_parts_come_back(losses, tmp_path, make_graph):
    steps = losses(
        "swapped",
        "training.steps=2",
        "evaluate=null",
        "model/blocks=llama2",
        "model/embedder/tokens=subwords",
        "model/embedder/pooling=attention",
        "model/encoder/feed_forward=mixture",
        "model/encoder/residual=sandwich",
        "model/decoder/attention=grouped",
        "model/decoder/pointer=additive",
    )
    assert len(steps) == 2
    checkpoint = read_checkpoint(tmp_path / "runs" / "swapped")
    assert checkpoint.lexicon.subwords is not None
    assert isinstance(checkpoint.model.encoder.layers[0].feed_forward, Mixture)
    batch = collate([make_graph(0)], None, checkpoint.lexicon)
    assert int(batch.ngram_ids.max()) < checkpoint.lexicon.subwords.get_vocab_size()
    assert torch.isfinite(checkpoint.model.encode(batch).nodes).all()
