"""Each kind of attention against a few plain lines or torch's own; checkpoints of before find their names."""

import math

import pytest
import torch
from torch import nn

import microgt.blocks.attention as attention
from microgt.blocks.attention import (
    ALiBi,
    CausalAttention,
    CrossAttention,
    LinearAttention,
    NormedRotary,
    PlainAttention,
    QKNorm,
    Rotary,
)
from microgt.blocks.relations import LocalHeads, NoRelation, RelationBias
from microgt.graph.relations import NEIGHBOURS, Relation
from tests.blocks.relational import B, C, D, H, N, relational


def heads(weight, x):
    """[heads, B, N, D]: each head by its own rows of the weight."""
    return torch.stack([x @ rows.T for rows in weight.split(D)])


def by_hand(module, x, mask, *, groups=H, change=lambda q, k: (q, k), bias=0.0):
    """Multi-head attention head by head, in a loop."""
    q, k, v = (heads(w, x) for w in module.project.weight.split([C, groups * D, groups * D]))
    out = []
    for h in range(H):
        qh, kh = change(q[h], k[h * groups // H])
        scores = qh @ kh.transpose(-1, -2) / math.sqrt(D) + (bias[h] if torch.is_tensor(bias) else bias)
        out.append(scores.masked_fill(~mask, -torch.inf).softmax(-1) @ v[h * groups // H])
    return torch.cat(out, dim=-1) @ module.out.weight.T


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("make", [lambda g: relational(kv_heads=g), lambda g: PlainAttention(dim=C, heads=H, kv_heads=g)])
def test_grouped_and_multi_query(nodes, make, groups):
    x, rel, mask = nodes
    module = make(groups)
    torch.testing.assert_close(module(x, rel, mask), by_hand(module, x, mask[:, None], groups=groups))
    assert module.project.weight.shape[0] == C + 2 * groups * D


def test_plain_attention_is_torchs(nodes):
    x, rel, mask = nodes
    ours, torchs = PlainAttention(dim=C, heads=H), nn.MultiheadAttention(C, H, bias=False, batch_first=True)
    torchs.in_proj_weight.data, torchs.out_proj.weight.data = ours.project.weight.data, ours.out.weight.data
    want, _ = torchs(x, x, x, key_padding_mask=~mask)
    torch.testing.assert_close(ours(x, rel, mask), want)


def test_cross_attention_is_torchs(nodes):
    memory, _, mask = nodes
    x, ours = torch.randn(B, 3, C), CrossAttention(dim=C, heads=H)
    torchs = nn.MultiheadAttention(C, H, bias=False, batch_first=True)
    torchs.in_proj_weight.data = torch.cat([ours.query.weight, ours.project.weight]).data
    torchs.out_proj.weight.data = ours.out.weight.data
    want, weights = torchs(x, memory, memory, key_padding_mask=~mask)
    torch.testing.assert_close(ours(x, ours.remember(memory), mask), want)
    torch.testing.assert_close(ours.weights(x, ours.remember(memory), mask).mean(1), weights)


def turned(x, base=10_000.0):
    """RoFormer, equation 34, with complex numbers: entries i and i + D/2 are one number."""
    numbers = torch.complex(x[..., : D // 2], x[..., D // 2 :])
    angle = torch.arange(x.shape[-2])[:, None] * base ** (-2 * torch.arange(D // 2) / D)
    numbers = numbers * torch.polar(torch.ones_like(angle), angle)
    return torch.cat([numbers.real, numbers.imag], dim=-1)


def normed(x):
    return x / (x.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()


CHANGES = {
    "rotary": (lambda: Rotary(dim=C, heads=H), lambda q, k: (turned(q), turned(k))),
    "norm": (lambda: QKNorm(dim=C, heads=H), lambda q, k: (normed(q), normed(k))),
    "both": (lambda: NormedRotary(dim=C, heads=H), lambda q, k: (turned(normed(q)), turned(normed(k)))),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("make", [lambda qk: relational(qk=qk), lambda qk: PlainAttention(dim=C, heads=H, qk=qk)])
def test_what_happens_to_queries_and_keys(nodes, make, name):
    x, rel, mask = nodes
    qk, change = CHANGES[name]
    module = make(qk())
    torch.testing.assert_close(module(x, rel, mask), by_hand(module, x, mask[:, None], change=change))


def test_scores_of_turned_vectors_depend_on_distances_only():
    rotary, q, k = Rotary(dim=C, heads=H), torch.randn(1, H, 5, D), torch.randn(1, H, 5, D)
    (q0, k0), (q9, k9) = rotary(q, k, 0), rotary(q, k, 9)
    torch.testing.assert_close(q0 @ k0.transpose(-1, -2), q9 @ k9.transpose(-1, -2), rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match="heads of even width; 12 / 4 is 3"):
        Rotary(dim=12, heads=4)


def test_alibi_adds_distances(nodes):
    x, rel, mask = nodes
    module = PlainAttention(dim=C, heads=H, distance=ALiBi(heads=H))
    apart = torch.tensor([[abs(i - j) for j in range(N)] for i in range(N)])
    bias = -torch.tensor([1 / 4, 1 / 16, 1 / 64, 1 / 256])[:, None, None] * apart
    torch.testing.assert_close(module(x, rel, mask), by_hand(module, x, mask[:, None], bias=bias))


def test_slopes_for_heads_that_are_no_power_of_two():
    slopes = ALiBi(heads=6).slopes_H.tolist()
    assert slopes == pytest.approx([2**-2, 2**-4, 2**-6, 2**-8, 2**-1, 2**-3])


@pytest.mark.parametrize("more", [{"kv_heads": 2}, {"qk": CHANGES["both"][0]()}, {"distance": ALiBi(heads=H)}], ids=lambda m: next(iter(m)))
@pytest.mark.parametrize("p", [0.0, 0.3])
def test_steps_see_no_later_step(more, p):
    module, x = CausalAttention(dim=C, heads=H, dropout=p, **more), torch.randn(B, N, C)
    changed = x.clone()
    changed[:, 3:] += 1

    def run(x):
        torch.manual_seed(1)
        return module(x)[0]

    torch.testing.assert_close(run(changed)[:, :3], run(x)[:, :3])
    assert not torch.allclose(run(changed)[:, 3:], run(x)[:, 3:])


@pytest.mark.parametrize("more", [{}, {"kv_heads": 1}, {"qk": CHANGES["both"][0]()}, {"distance": ALiBi(heads=H)}], ids=str)
def test_causal_attention_by_hand_and_step_by_step(more):
    module, x = CausalAttention(dim=C, heads=H, **more).eval(), torch.randn(B, N, C)
    at_once, remembered = module(x)
    apart = torch.tensor([[abs(i - j) for j in range(N)] for i in range(N)])
    bias = -torch.tensor([1 / 4, 1 / 16, 1 / 64, 1 / 256])[:, None, None] * apart if "distance" in more else 0.0
    change = CHANGES["both"][1] if "qk" in more else lambda q, k: (q, k)
    before = torch.ones(N, N, dtype=torch.bool).tril()
    torch.testing.assert_close(at_once, by_hand(module, x, before, groups=more.get("kv_heads", H), change=change, bias=bias))
    past = None
    for t in range(N):
        got, past = module(x[:, t : t + 1], past)
        torch.testing.assert_close(got[:, 0], at_once[:, t])
    torch.testing.assert_close(past.keys, remembered.keys)
    assert past.keys.shape == (B, more.get("kv_heads", H), N, D)


def test_linear_attention_is_its_formula(nodes):
    x, rel, mask = nodes
    module = LinearAttention(dim=C, heads=H)
    q, k, v = (heads(w, x) for w in module.project.weight.split(C))
    weights = (nn.functional.elu(q) + 1) @ (nn.functional.elu(k) + 1).transpose(-1, -2) * mask[:, None]
    want = torch.cat(list(weights / weights.sum(-1, keepdim=True) @ v), dim=-1) @ module.out.weight.T
    torch.testing.assert_close(module(x, rel, mask), want)


@pytest.mark.parametrize("other", [NoRelation, lambda: RelationBias(heads=H)])
def test_half_of_the_heads_see_neighbours_only(nodes, other):
    x, rel, mask = nodes
    module = relational(bias=LocalHeads(heads=H, bias=other()))
    if not isinstance(module.bias.bias, NoRelation):
        nn.init.normal_(module.bias.bias.table)
    rel[:, torch.arange(N), torch.arange(N)] = int(Relation.CC_SAME)
    near = torch.isin(rel, torch.tensor([int(r) for r in NEIGHBOURS], dtype=torch.uint8))
    assert near.any()
    assert not near.all()
    table = module.bias.bias()
    bias = torch.zeros(H, B, N, N) if table is None else table[:, rel.long()] / math.sqrt(D)
    bias[: H // 2].masked_fill_(~near, -torch.inf)
    torch.testing.assert_close(module(x, rel, mask), by_hand(module, x, mask[:, None], bias=bias))


def test_a_node_is_its_own_neighbour_and_nothing_is_not():
    assert {Relation.Q_SAME, Relation.CC_SAME, Relation.TT_SAME, Relation.VV_SAME, Relation.STAR} <= NEIGHBOURS
    assert not {r for r in NEIGHBOURS if r is Relation.PAD or r.name.endswith("NONE")}


VARIANTS = [
    lambda: relational(qk=CHANGES["both"][0]()),
    lambda: relational(kv_heads=1),
    lambda: relational(bias=LocalHeads(heads=H, bias=NoRelation())),
]
VARIANTS += [lambda: PlainAttention(dim=C, heads=H, distance=ALiBi(heads=H)), lambda: LinearAttention(dim=C, heads=H)]


@pytest.mark.parametrize("make", VARIANTS)
def test_hidden_nodes_are_not_seen(nodes, make):
    (x, rel, mask), module = nodes, make()
    changed = x.clone()
    changed[~mask] = 100.0
    torch.testing.assert_close(module(changed, rel, mask)[mask], module(x, rel, mask)[mask])


def test_dropout_of_weights_with_a_bias_of_distances(nodes):
    x, rel, mask = nodes
    dropped = PlainAttention(dim=C, heads=H, distance=ALiBi(heads=H), dropout=1e-7)
    torch.testing.assert_close(dropped.train()(x, rel, mask), dropped.eval()(x, rel, mask), rtol=1e-4, atol=1e-5)


def test_heads_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="multiple of kv_heads; 4 is not one of 3"):
        PlainAttention(dim=C, heads=H, kv_heads=3)


def test_checkpoints_of_before_find_their_names_and_weights():
    for name in ("RelationAttention", "PlainAttention", "NoAttention", "KeysValues", "CausalAttention", "NoMemory", "CrossAttention"):
        assert hasattr(attention, name)
    kept = relational(bias=RelationBias(heads=H)).state_dict()
    assert {k: tuple(v.shape) for k, v in kept.items()} == {"project.weight": (3 * C, C), "out.weight": (C, C), "bias.table": (H, 64)}
    kept = CrossAttention(dim=C, heads=H).state_dict()
    assert {k: tuple(v.shape) for k, v in kept.items()} == {"query.weight": (C, C), "project.weight": (2 * C, C), "out.weight": (C, C)}
    assert set(CausalAttention(dim=C, heads=H).state_dict()) == {"project.weight", "out.weight"}
