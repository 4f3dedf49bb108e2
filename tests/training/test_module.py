"""A seed fixes a run from its first weights on; rules without training questions are never chosen."""

import torch

from microgt.config import compose
from microgt.model.checkpoint import read_checkpoint, write_checkpoint
from microgt.model.lexicon import Lexicon
from microgt.spec.grammar import GRAMMAR
from microgt.training.module import ParserModule
from microgt.training.schedule import Clock


def make_module(seed: int, untrained: tuple[str, ...] = ()) -> ParserModule:
    lexicon = Lexicon.from_tokens([("order", "order"), ("region", "region")])
    model = compose("describe", ["model=nano", f"size.words={len(lexicon)}"])["model"]
    return ParserModule(
        model=model, loss=None, lexicon=lexicon, untrained=untrained, lr=1e-3, warmup=1, weight_decay=0.0, clock=Clock(steps=1), seed=seed
    )


def weights(seed: int) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in make_module(seed).model.parameters()])


def test_the_seed_fixes_the_initial_weights():
    first = weights(seed=0)
    torch.rand(3)  # whatever was drawn before does not matter
    assert torch.equal(first, weights(seed=0))
    assert not torch.equal(first, weights(seed=1))


def test_what_no_question_taught_is_not_chosen(tmp_path):
    """A rule without a training question would otherwise live on label smoothing, and a short one wins beams with it."""
    module = make_module(seed=0, untrained=("Unanswerable.no_path",))
    folder = write_checkpoint(tmp_path / "c", module.model.state_dict(), module.lexicon, module.making)
    for model in (module.model, read_checkpoint(folder).model):
        assert [GRAMMAR.rules[i] for i in (~model.rules_allowed).nonzero()[:, 0]] == ["Unanswerable.no_path"]
