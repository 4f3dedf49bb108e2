"""Teacher forcing and step-by-step decoding are one model; masks hold; loss and gradients are finite."""

import copy
import math

import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.model.collate import RULES, collate
from microgt.model.decoder import START, Steps
from microgt.model.loss import ParserLoss
from microgt.spec.grammar import GRAMMAR


@pytest.fixture
def batch(make_graph, random_actions, lexicon):
    graphs = [make_graph(0), make_graph(1, words=4, columns=9), make_graph(2, values=0)]
    return collate(graphs, [random_actions(g, 5 + i) for i, g in enumerate(graphs)], lexicon)


def test_shapes_and_the_legal_mask(nano, batch):
    output = nano(batch)
    assert output.logits.shape == batch.legal.shape
    assert output.item_logits.shape == batch.kinds.shape
    assert torch.equal(output.logits == -torch.inf, ~batch.legal)
    assert torch.isfinite(output.logits[batch.legal]).all()


def test_padding_changes_nothing(nano, make_graph, random_actions, lexicon):
    graphs = [make_graph(0, words=2), make_graph(1, words=20)]
    actions = [random_actions(g, i) for i, g in enumerate(graphs)]
    alone = nano(collate(graphs[:1], actions[:1], lexicon)).logits[0]
    padded = nano(collate(graphs, actions, lexicon)).logits[0, : alone.shape[0], : alone.shape[1]]
    torch.testing.assert_close(padded, alone, rtol=1e-4, atol=1e-4)


def test_steps_with_a_cache_equal_all_steps_at_once(nano, batch):
    want = nano(batch).logits
    state = nano.start(batch)
    before = torch.cat([torch.full_like(batch.actions[:, :1], START), batch.actions[:, :-1]], 1)
    for t in range(batch.actions.shape[1]):
        at = slice(t, t + 1)
        steps = Steps(before[:, at], batch.slots[:, at], batch.parents[:, at], batch.depths[:, at])
        logp, state = nano.decode_step(steps, batch.legal[:, t], state)
        torch.testing.assert_close(logp, want[:, t].log_softmax(-1), rtol=1e-4, atol=1e-4)
        if t == 1:  # rows may be reordered and repeated between steps
            rows = torch.tensor([2, 0, 1])
            state = state.select(rows).select(torch.argsort(rows))


def test_rules_unknown_to_the_weights_are_never_chosen(batch):
    model = build(compose("describe", ["model=nano"])["model"]).eval()
    model.mask_rules(["Answer"])
    logits = model(batch).logits[:, 0]
    assert (logits[:, GRAMMAR.rules.index("Answer")] == -torch.inf).all()
    assert not any("allowed" in name for name in model.state_dict())


def test_loss_by_hand(nano, batch):
    output = nano(batch)
    losses = ParserLoss(smoothing=0.1, items=0.0)(output, batch)
    total, plain, count = 0.0, 0.0, 0
    for i in range(len(batch)):
        for t in range(int(batch.action_mask[i].sum())):
            legal = batch.legal[i, t]
            logp = output.logits[i, t][legal].log_softmax(-1)
            gold = logp[int(legal[: batch.actions[i, t]].sum())]
            total += -0.9 * gold - 0.1 * logp.mean()
            plain, count = plain - gold, count + 1
    assert losses.total.item() == pytest.approx(total.item() / count, rel=1e-4)
    assert losses.actions.item() == pytest.approx(plain.item() / count, rel=1e-4)
    assert set(losses.scalars()) == {"loss", "actions", "items", "exact"}


def test_gold_that_a_model_must_not_choose_leaves_the_figures_finite(nano, batch):
    rule = next(a for a in batch.actions[0].tolist() if a < RULES)
    model = copy.deepcopy(nano)
    model.mask_rules([GRAMMAR.rules[rule]])
    barred = batch.action_mask & (batch.actions == rule)
    with torch.no_grad():
        losses, gold = ParserLoss()(model(batch), batch), model(batch).logits.log_softmax(-1).gather(-1, batch.actions[..., None])[..., 0]
    assert barred.any()
    kept = batch.action_mask & ~barred
    torch.testing.assert_close(losses.actions, -gold[kept].mean())
    assert losses.exact < 1


def test_the_item_loss_looks_at_tables_columns_and_values_only(nano, batch):
    output = nano(batch)
    output.item_logits[batch.kinds < 2] = math.inf
    assert torch.isfinite(ParserLoss()(output, batch).items)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_every_parameter_learns(batch, dtype):
    torch.manual_seed(0)
    model = build(compose("describe", ["model=nano", "model/encoder/attention/values=vectors"])["model"]).train()
    with torch.autocast("cpu", dtype, enabled=dtype is not torch.float32):
        losses = ParserLoss()(model(batch), batch)
    losses.total.backward()
    without = [name for name, p in model.named_parameters() if p.grad is None or not torch.isfinite(p.grad).all()]
    assert without == []
    still = {name for name, p in model.named_parameters() if not p.grad.abs().sum() > 0}
    assert still == set()


def test_a_batch_without_targets_is_refused(nano, make_graph, lexicon):
    with pytest.raises(ValueError, match="the batch has no targets"):
        nano(collate([make_graph()], None, lexicon))


def test_a_batch_moves_as_a_whole(batch):
    moved = batch.to("meta")
    assert {t.device.type for t in vars(moved).values() if t is not None} == {"meta"}
    assert {name for name, t in vars(moved).items() if t is None} == {"text_tokens", "text_nodes", "action_share", "item_share"}
    assert moved.legal.shape[-1] == RULES + batch.kinds.shape[1]


def test_it_learns_a_small_set_by_heart(make_graph, random_actions, lexicon):
    torch.manual_seed(0)
    graphs = [make_graph(i) for i in range(4)]
    batch = collate(graphs, [random_actions(g, 30 + i)[:12] for i, g in enumerate(graphs)], lexicon)
    model = build(compose("describe", ["model=nano", "size.dropout=0.0"])["model"]).train()
    loss, optimizer = ParserLoss(smoothing=0.0), torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(60):
        losses = loss(model(batch), batch)
        optimizer.zero_grad()
        losses.total.backward()
        optimizer.step()
    assert losses.exact == 1
    assert losses.actions < 0.05
