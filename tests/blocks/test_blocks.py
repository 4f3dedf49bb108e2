"""Each block on its own: shapes, what it sees and does not see, its ablation."""

from functools import partial

import pytest
import torch
from torch import nn

from microgt.blocks.attention import CausalAttention, CrossAttention, NoAttention, NoMemory, PlainAttention, RelationAttention
from microgt.blocks.decoder_layer import DecoderLayer
from microgt.blocks.dropout import Dropout
from microgt.blocks.embedding import NodeEmbedder, TokenEmbedder
from microgt.blocks.encoder_layer import EncoderLayer
from microgt.blocks.feed_forward import GELU, NoFeedForward, SwiGLU
from microgt.blocks.norm import LayerNorm, NoNorm, RMSNorm
from microgt.blocks.pointer import Pointer
from microgt.blocks.relations import NoRelation, RelationBias, RelationVectors
from microgt.blocks.repeat import make
from tests.blocks.relational import B, C, H, N, relational

PARTS = {
    "keys": partial(RelationVectors, dim=C, heads=H),
    "values": partial(RelationVectors, dim=C, heads=H),
    "bias": partial(RelationBias, heads=H),
}


def test_without_relations_relation_attention_is_plain_attention(nodes):
    ours, plain = relational(), PlainAttention(dim=C, heads=H)
    plain.load_state_dict(ours.state_dict())
    torch.testing.assert_close(ours(*nodes), plain(*nodes))


@pytest.mark.parametrize("part", PARTS)
def test_each_relation_part_reads_relations(nodes, part):
    attention = relational(**{part: PARTS[part]()})
    nn.init.normal_(getattr(attention, part).table)
    x, rel, mask = nodes
    assert not torch.allclose(attention(x, rel, mask), attention(x, rel.flip(1), mask))


def test_hidden_nodes_are_not_seen(nodes):
    x, rel, mask = nodes
    for attention in (relational(keys=PARTS["keys"]()), PlainAttention(dim=C, heads=H)):
        changed = x.clone()
        changed[~mask] = 100.0
        torch.testing.assert_close(attention(changed, rel, mask)[mask], attention(x, rel, mask)[mask])


@pytest.mark.parametrize("p", [0.0, 0.3])
def test_a_step_sees_no_later_step(p):
    attention = CausalAttention(dim=C, heads=H, dropout=p)
    x = torch.randn(B, 5, C)
    changed = x.clone()
    changed[:, 3:] += 1

    def run(x):
        torch.manual_seed(1)
        return attention(x)[0]

    torch.testing.assert_close(run(changed)[:, :3], run(x)[:, :3])
    assert not torch.allclose(run(changed)[:, 3:], run(x)[:, 3:])


def test_attention_with_a_dropout_of_nothing_is_attention(nodes):
    x, _, mask = nodes
    dropped, plain = CrossAttention(dim=C, heads=H, dropout=1e-7), CrossAttention(dim=C, heads=H)
    plain.load_state_dict(dropped.state_dict())
    y = torch.randn(B, 3, C)
    torch.testing.assert_close(dropped(y, dropped.remember(x), mask), plain(y, plain.remember(x), mask), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("attention", [CausalAttention(dim=C, heads=H), NoMemory()], ids=lambda a: type(a).__name__)
def test_a_decoder_layer_step_by_step_is_the_layer_at_once(nodes, attention):
    memory, _, mask = nodes
    cross = CrossAttention(dim=C, heads=H)
    norms = (RMSNorm(dim=C), LayerNorm(dim=C), NoNorm())
    layer = DecoderLayer(attention=attention, cross=cross, feed_forward=GELU(dim=C, hidden=8), norms=norms, dropout=Dropout(0.0))
    x, remembered, past = torch.randn(B, 4, C), cross.remember(memory), None
    want, _ = layer(x, remembered, mask)
    for t in range(4):
        got, past = layer(x[:, t : t + 1], remembered, mask, past)
        torch.testing.assert_close(got[:, 0], want[:, t])


def test_an_encoder_layer_without_its_parts_is_the_identity(nodes):
    x, rel, mask = nodes
    layer = EncoderLayer(
        attention=NoAttention(), attention_norm=NoNorm(), feed_forward=NoFeedForward(), feed_forward_norm=NoNorm(), dropout=Dropout(0.5)
    )
    assert torch.equal(layer(x, rel, mask), x)


def test_norms():
    x = torch.randn(3, C) * 5 + 2
    torch.testing.assert_close(RMSNorm(dim=C)(x).pow(2).mean(-1), torch.ones(3))
    layered = LayerNorm(dim=C)(x)
    torch.testing.assert_close(layered.mean(-1), torch.zeros(3), rtol=0, atol=1e-5)
    assert RMSNorm(dim=C)(x.bfloat16()).dtype is torch.bfloat16


@pytest.mark.parametrize("feed_forward", [SwiGLU, GELU])
def test_feed_forward_looks_at_one_position(feed_forward):
    module, x = feed_forward(dim=C, hidden=8), torch.randn(B, N, C)
    torch.testing.assert_close(module(x)[:, 2], module(x[:, 2]))


def test_dropout_in_training_only():
    x, drop = torch.ones(1000, 10), Dropout(0.25)
    assert drop(x).mean().item() == pytest.approx(1, abs=0.05)
    assert (drop(x) == 0).float().mean().item() == pytest.approx(0.25, abs=0.05)
    assert torch.equal(drop.eval()(x), x)
    with pytest.raises(ValueError, match=r"dropout must be in \[0, 1\), it is 1.5"):
        Dropout(1.5)


def test_pointer_scores_each_node():
    pointer, x, memory = Pointer(dim=C), torch.randn(B, 3, C), torch.randn(B, N, C)
    pointed = torch.zeros(B, 3, N, dtype=torch.bool)
    pointed[1, 2, 5] = True
    scores = pointer(x, pointer.keys(memory), pointed)
    assert scores.shape == (B, 3, N)
    want = pointer.step(x[1, 2]) @ pointer.node(memory[1, 4:6]).T / C**0.5
    torch.testing.assert_close(scores[1, 2, 4:6], want + torch.stack([torch.zeros(()), pointer.again(x[1, 2])[0]]))


def test_nodes_are_the_mean_of_their_tokens():
    embedder = NodeEmbedder(
        dim=C, width=8, words=5, tokens=partial(TokenEmbedder, width=8, grams=11), norm=NoNorm(), dropout=Dropout(0.0), flags=2
    )
    tokens = embedder.tokens
    vectors = tokens(torch.tensor([1, 0, 4]), torch.tensor([3, 14, 5]), torch.tensor([0, 2, 3]))
    torch.testing.assert_close(vectors[0], tokens.word_table.weight[1] + tokens.gram_table.weight[3])  # 14 is bucket 3 of 11
    torch.testing.assert_close(vectors[2], tokens.word_table.weight[4])
    x = embedder(vectors, torch.tensor([0, 2, 1]), torch.tensor([0, 2, 3]), torch.tensor([[0, 3, 4]]), torch.zeros(1, 3, 2))
    torch.testing.assert_close(x[0, 0], embedder.widen((vectors[0] + vectors[2]) / 2) + embedder.kind_table.weight[0])
    torch.testing.assert_close(x[0, 2], embedder.kind_table.weight[4])  # a node without tokens


def test_some_words_are_unknown_in_training():
    tokens = TokenEmbedder(width=8, words=5, grams=11, unknown=0.5)
    ids, none = torch.ones(2000, dtype=torch.long), torch.zeros(2000, dtype=torch.long)
    out = tokens(ids, torch.zeros(0, dtype=torch.long), none)
    assert (out == tokens.word_table.weight[0]).all(-1).float().mean().item() == pytest.approx(0.5, abs=0.05)
    assert (tokens.eval()(ids, torch.zeros(0, dtype=torch.long), none) == tokens.word_table.weight[1]).all()


def test_factories_are_called_all_the_way_down():
    attention = partial(RelationAttention, dim=C, heads=H, keys=PARTS["keys"], values=partial(NoRelation), bias=PARTS["bias"])
    first, second = make(attention), make(attention)
    assert not {id(p) for p in first.parameters()} & {id(p) for p in second.parameters()}
    with pytest.raises(ValueError, match="keys of RelationAttention is built already and would be shared"):
        make(partial(RelationAttention, dim=C, heads=H, keys=NoRelation(), values=partial(NoRelation), bias=PARTS["bias"]))
    with pytest.raises(ValueError, match="a built NoNorm would be shared"):
        make(NoNorm())


@pytest.mark.parametrize("attention", [PlainAttention, CausalAttention, CrossAttention])
def test_a_width_that_heads_do_not_divide_is_named(attention):
    with pytest.raises(ValueError, match="16 is not one of 3"):
        attention(dim=16, heads=3)
