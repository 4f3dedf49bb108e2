"""A seed fixes a run from its first weights on."""

import torch

from microgt.config import compose
from microgt.model.lexicon import Lexicon
from microgt.training.module import ParserModule
from microgt.training.schedule import Clock


def weights(seed: int) -> torch.Tensor:
    lexicon = Lexicon.from_tokens([("order", "order"), ("region", "region")])
    model = compose("describe", ["model=nano"])["model"]
    module = ParserModule(model=model, loss=None, lexicon=lexicon, lr=1e-3, warmup=1, weight_decay=0.0, clock=Clock(steps=1), seed=seed)
    return torch.cat([p.detach().flatten() for p in module.model.parameters()])


def test_the_seed_fixes_the_initial_weights():
    first = weights(seed=0)
    torch.rand(3)  # whatever was drawn before does not matter
    assert torch.equal(first, weights(seed=0))
    assert not torch.equal(first, weights(seed=1))
