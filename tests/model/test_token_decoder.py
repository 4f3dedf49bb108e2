"""The decoder of text: causality, steps as at once, masks, search."""

import dataclasses

import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.errors import CheckpointError, GrammarError
from microgt.model.checkpoint import describe_making, read_checkpoint, write_checkpoint
from microgt.model.decoding import beam_search, greedy
from microgt.model.lexicon import Lexicon
from microgt.model.loss import ParserLoss
from microgt.model.steps import START
from microgt.model.text.prefix import padded_in_front
from microgt.model.text.spelling import END, Pieces
from microgt.spec.grammar import GRAMMAR, ActionKind
from tests.configs.test_arms import TOKEN_ARMS

UNMASKED = [arm for arm in TOKEN_ARMS if arm.endswith("unmasked")]
MASKED = [arm for arm in TOKEN_ARMS if arm not in UNMASKED]


@pytest.fixture(scope="module")
def graphs(make_graph):
    return [make_graph(0, words=4), make_graph(1, words=9, columns=9), make_graph(2, values=0)]


@pytest.fixture(scope="module")
def actions(graphs, random_actions):
    return [random_actions(g, 5 + i) for i, g in enumerate(graphs)]


@pytest.fixture(scope="module")
def spelled(graphs, actions):
    """A vocabulary with what specs are spelled in."""
    lexicon = Lexicon.from_tokens([("order", "custom", "region")] * 2)
    lexicon.output = Pieces.learn([(g.scope, a) for g, a in zip(graphs, actions, strict=True)], rows=320)
    return lexicon


def make(arm, lexicon, *more):
    torch.manual_seed(0)
    overrides = ["model=nano", f"arm={arm}", "model.decoder.rows=320", f"size.words={len(lexicon)}", *more]
    return build(compose("describe", overrides)["model"])


@pytest.fixture(scope="module", params=TOKEN_ARMS)
def model(request, spelled):
    return make(request.param, spelled).eval()


@pytest.fixture
def batch(model, graphs, actions, spelled):
    return model.collate(graphs, actions, spelled)


def test_targets_are_the_spelled_specs(batch, graphs, actions, spelled):
    for i, (graph, gold) in enumerate(zip(graphs, actions, strict=True)):
        want = spelled.output.spell(gold, graph.scope)
        assert batch.actions[i][batch.action_mask[i]].tolist() == want
        assert want[-1] == END
    assert batch.legal.shape == (*batch.actions.shape, 320)
    assert batch.legal.sum(-1).unique().tolist() == [len(spelled.output)]


def test_a_piece_sees_none_after_it(model, batch):
    changed = batch.actions.clone()
    changed[:, 5:] = 7
    before, after = model(batch).logits, model(dataclasses.replace(batch, actions=changed)).logits
    torch.testing.assert_close(after[:, :6], before[:, :6])
    assert not torch.allclose(after[:, 6], before[:, 6])


def test_padding_changes_nothing(model, graphs, actions, spelled, batch):
    want = model(model.collate(graphs[:1], actions[:1], spelled)).logits[0]
    torch.testing.assert_close(model(batch).logits[0, : len(want)], want, rtol=1e-4, atol=1e-4)


def test_steps_with_a_cache_equal_all_steps_at_once(model, batch):
    want, state = model(batch).logits, model.start(batch)
    for t in range(batch.actions.shape[1]):
        before = batch.actions[:, t - 1 : t] if t else torch.full_like(batch.actions[:, :1], START)
        got, state = model.decode_step(before, batch.legal[:, t], state)
        torch.testing.assert_close(got, want[:, t].log_softmax(-1), rtol=1e-4, atol=1e-4)
        if t == 1:
            rows = torch.tensor([2, 0, 1])
            state = state.select(rows).select(torch.argsort(rows))


@pytest.mark.parametrize("arm", MASKED)
def test_every_parameter_learns(arm, spelled, graphs, actions):
    model = make(arm, spelled).train()
    batch = model.collate(graphs, actions, spelled)
    ParserLoss()(model(batch), batch).total.backward()
    for part in (model.decoder, model.encoder):
        assert [name for name, p in part.named_parameters() if not p.grad.abs().sum() > 0] == []


def asked(model, graphs, lexicon, search, **more):
    batch = model.collate(graphs, None, lexicon)
    scopes = [g.scope for g in graphs]
    return search(model, batch, scopes if search is greedy else scopes[0], write=lambda b, s: model.writing(b, s, lexicon), **more)


@pytest.mark.parametrize("arm", MASKED)
def test_with_the_mask_every_answer_is_a_spec(arm, spelled, graphs):
    model = make(arm, spelled).eval()
    barred = {name for name in GRAMMAR.rules if name.startswith("Clarify")}
    model.mask_rules(barred)
    found = [*asked(model, graphs, spelled, greedy), *asked(model, graphs[:1], spelled, beam_search, beam=4)]
    assert len(found) >= 4
    for hypothesis, graph in zip(found, [*graphs, *graphs[:1] * 4], strict=False):
        assert GRAMMAR.decode(hypothesis.actions, graph.scope) == hypothesis.spec
        assert not barred & {GRAMMAR.rules[a.index] for a in hypothesis.actions if a.kind is ActionKind.RULE}


@pytest.mark.parametrize("arm", MASKED)
def test_scores_with_the_mask_are_at_least_those_without(arm, spelled, graphs):
    model = make(arm, spelled).eval()
    (found, *_) = asked(model, graphs[:1], spelled, beam_search, beam=2)
    batch = model.collate(graphs[:1], [found.actions], spelled)
    free = model(batch).logits.log_softmax(-1).gather(-1, batch.actions[..., None]).sum()
    assert found.log_prob >= free.item() - 1e-3


@pytest.mark.parametrize("arm", UNMASKED)
def test_without_the_mask_an_untrained_model_writes_no_spec(arm, spelled, graphs):
    model = make(arm, spelled).eval()
    for search in (greedy, beam_search):
        with pytest.raises(GrammarError, match="cannot be read"):
            asked(model, graphs[:1], spelled, search)


@pytest.mark.parametrize("arm", UNMASKED)
def test_it_learns_a_text_by_heart_and_writes_it(arm, spelled, graphs, actions):
    model = make(arm, spelled, "size.dropout=0.0", "model.embedder.tokens.unknown=0.0").train()
    batch = model.collate(graphs[:1], actions[:1], spelled)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(60):
        losses = ParserLoss(smoothing=0.0)(model(batch), batch)
        optimizer.zero_grad()
        losses.total.backward()
        optimizer.step()
    (found,) = asked(model.eval(), graphs[:1], spelled, greedy)
    assert list(found.actions) == actions[0]


@pytest.mark.parametrize("arm", MASKED)
def test_a_checkpoint_keeps_its_pieces(arm, spelled, tmp_path, graphs, actions):
    config = compose("describe", ["model=nano", f"arm={arm}", "model.decoder.rows=320", f"size.words={len(spelled)}"])["model"]
    model = make(arm, spelled).eval()
    loaded = read_checkpoint(write_checkpoint(tmp_path / "c", model.state_dict(), spelled, describe_making(config)))
    assert loaded.lexicon.to_json() == spelled.to_json()
    batch = loaded.model.collate(graphs, actions, loaded.lexicon)
    assert torch.equal(loaded.model(batch).logits, model(batch).logits)


def test_a_vocabulary_without_pieces_is_refused(model, graphs, actions, lexicon):
    with pytest.raises(CheckpointError, match="no pieces for specs"):
        model.collate(graphs, actions, lexicon)


def test_padding_is_moved_in_front():
    x, mask = torch.arange(6.0).view(2, 3, 1), torch.tensor([[True, True, True], [True, False, False]])
    moved, new = padded_in_front(x, mask)
    assert moved[0, :, 0].tolist() == [0.0, 1.0, 2.0]
    assert moved[1, 2, 0] == 3.0
    assert new.tolist() == [[True, True, True], [False, False, True]]


def test_a_stack_that_reads_and_writes_shares_its_layers_with_nobody(spelled):
    model = make("decoder_only", spelled)
    assert len(model.encoder.layers) == 0
    parts = [{id(p) for p in layer.parameters()} for layer in model.decoder.layers]
    assert len(parts) == 3
    assert len(set.union(*parts)) == sum(map(len, parts))
