"""Each file under configs/model makes a model that trains one step on a CPU, ignores padding and decodes step by step as at once."""

import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.model.collate import collate
from microgt.model.decoder import START, Steps
from microgt.model.description import describe
from microgt.model.lexicon import Lexicon
from microgt.model.loss import ParserLoss
from tests.blocks.minilm import write_minilm
from tests.configs.test_models import SIZES, SWAPS

SMALL = (
    "size.dim=16",
    "size.hidden=24",
    "size.encoder_layers=2",
    "size.decoder_layers=2",
    "size.word_dim=8",
    "size.words=80",
    "size.grams=32",
)


@pytest.fixture(scope="module")
def examples(make_graph, random_actions):
    """Two graphs and actions over them."""
    graphs = [make_graph(0, words=4), make_graph(1, words=9, columns=9)]
    return graphs, [random_actions(g, 5 + i) for i, g in enumerate(graphs)]


@pytest.fixture(scope="module")
def batches(examples, lexicon):
    return batched(examples, lexicon)


def batched(examples, lexicon):
    """A graph alone, and the same with a larger one."""
    graphs, actions = examples
    return collate(graphs[:1], actions[:1], lexicon), collate(graphs, actions, lexicon)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The current folder holds word vectors, where Python looks is a package with MiniLM's tokenizer, and it was distilled before."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "vectors.txt").write_text("order 1 2 3\nregion 0 1 0\n")
    write_minilm(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        patch.setattr("microgt.blocks.static.distilled", lambda size, teacher: (["order", "region"], torch.ones(2, size)))
        yield


def train_one_step(model, batch):
    """All parameters are used and move (those of a part that is switched off excepted), and the loss stays a number."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    ParserLoss()(model.train()(batch), batch).total.backward()
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None, f"{name} is not used"
            assert torch.isfinite(parameter.grad).all(), name
    optimizer.step()
    assert any(not torch.equal(p, before[name]) for name, p in model.encoder.named_parameters(prefix="encoder"))
    assert any(not torch.equal(p, before[name]) for name, p in model.decoder.named_parameters(prefix="decoder"))


def padding_changes_nothing(model, alone, padded):
    want = model(alone).logits[0]
    torch.testing.assert_close(model(padded).logits[0, : want.shape[0], : want.shape[1]], want, rtol=1e-4, atol=1e-4)


def steps_with_a_cache_equal_all_steps_at_once(model, batch):
    want, state = model(batch).logits, model.start(batch)
    for t in range(batch.actions.shape[1]):
        before = batch.actions[:, t - 1 : t] if t else torch.full_like(batch.actions[:, :1], START)
        steps = Steps(before, *(x[:, t : t + 1] for x in (batch.slots, batch.parents, batch.depths)))
        got, state = model.decode_step(steps, batch.legal[:, t], state)
        torch.testing.assert_close(got, want[:, t].log_softmax(-1), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("swap", SWAPS)
def test_every_file_makes_a_model_that_works(swap, examples, elsewhere):
    config = compose("describe", ["model=nano", *SMALL, *swap.split(",")])["model"]
    assert describe(config, nodes=9, actions=4).total > 0
    tokens = [("order", "custom", "region")] * 2
    batches = batched(examples, Lexicon.from_tokens(tokens, embedder=config["embedder"]["tokens"]))
    torch.manual_seed(0)
    model = build(config)
    assert len({id(p) for p in model.parameters()}) == len([*model.named_parameters(remove_duplicate=False)]), "a parameter is shared"
    train_one_step(model, batches[1])
    model.eval()
    with torch.no_grad():
        padding_changes_nothing(model, *batches)
        steps_with_a_cache_equal_all_steps_at_once(model, batches[1])


@pytest.mark.parametrize("size", SIZES)
def test_every_size_works_when_it_is_made_small(size, batches):
    train_one_step(build(compose("describe", [f"model={size}", "size.heads=4", *SMALL])["model"]), batches[1])


def test_the_balance_of_experts_reaches_the_loss(batches):
    experts = ["model/encoder/feed_forward=mixture", "size.dropout=0.0", "model.embedder.tokens.unknown=0.0"]
    model = build(compose("describe", ["model=nano", *SMALL, *experts])["model"]).train()
    without, weighted = (ParserLoss(balance=w)(model(batches[1]), batches[1]) for w in (0.0, 0.5))
    assert weighted.balance.item() >= 0.9
    torch.testing.assert_close(weighted.total, without.total + 0.5 * weighted.balance)
    assert weighted.scalars()["balance"] == weighted.balance
    assert "balance" not in ParserLoss()(model.eval()(batches[1]), batches[1]).scalars()
    weighted.total.backward()
    assert all(layer.feed_forward.router.weight.grad.abs().max() > 0 for layer in model.encoder.layers)
