"""What surrounds attention: norms and their places, residuals, feed-forward parts, positions, pointers, against a few plain lines."""

import pytest
import torch
from torch import nn
from torch.nn.functional import gelu, layer_norm, rms_norm, silu

from microgt.blocks.attention import CausalAttention, CrossAttention, NoAttention, PlainAttention
from microgt.blocks.decoder_layer import DecoderLayer
from microgt.blocks.dropout import Dropout
from microgt.blocks.encoder_layer import EncoderLayer
from microgt.blocks.feed_forward import GELU, ReLUSquared, SwiGLU
from microgt.blocks.mixture import Mixture, balance_loss
from microgt.blocks.norm import LayerNorm, NoNorm, RMSNorm
from microgt.blocks.pointer import AdditivePointer
from microgt.blocks.positions import LearnedPositions, NoPositions, Sinusoid
from microgt.blocks.residual import LayerScale, PostNorm, PreNorm, ReZero, Sandwich, Scaled

B, N, C, H = 2, 5, 16, 4


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def test_norms_are_torchs():
    x = torch.randn(3, C) * 5 + 2
    gain, shift = torch.randn(C), torch.randn(C)
    rms, layer = RMSNorm(dim=C), LayerNorm(dim=C)
    rms.gain.data, layer.gain.data, layer.shift.data = gain, gain, shift
    torch.testing.assert_close(rms(x), rms_norm(x, (C,), gain, 1e-6))
    torch.testing.assert_close(layer(x), layer_norm(x, (C,), gain, shift))
    torch.testing.assert_close(rms(x), x / (x.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt() * gain)


def test_feed_forward_parts_are_their_formulas():
    x = torch.randn(3, C)
    swiglu, plain, squared = (f(dim=C, hidden=8) for f in (SwiGLU, GELU, ReLUSquared))
    gate, up = (x @ w.T for w in swiglu.gate_up.weight.split(8))
    torch.testing.assert_close(swiglu(x), (silu(gate) * up) @ swiglu.down.weight.T)
    torch.testing.assert_close(plain(x), plain.down(gelu(plain.up(x))))
    torch.testing.assert_close(squared(x), (x @ squared.up.weight.T).clamp(min=0) ** 2 @ squared.down.weight.T)


def gate(module):
    nn.init.constant_(module.gate, 0.3)
    return module


# name -> (the module, what a layer's part then does to x)
RESIDUALS = {
    "pre": (PreNorm, lambda r, x, part, norm: x + part(norm(x))),
    "post": (PostNorm, lambda r, x, part, norm: norm(x + part(x))),
    "sandwich": (lambda: Sandwich(after=LayerNorm(dim=C)), lambda r, x, part, norm: x + layer_norm(part(norm(x)), (C,))),
    "rezero": (lambda: gate(ReZero()), lambda r, x, part, norm: x + 0.3 * part(norm(x))),
    "layer_scale": (lambda: LayerScale(dim=C, start=0.2), lambda r, x, part, norm: x + 0.2 * part(norm(x))),
    "scaled": (lambda: Scaled(depth=8), lambda r, x, part, norm: x + part(norm(x)) / 4),
}


@pytest.mark.parametrize("name", RESIDUALS)
def test_an_encoder_layer_with_each_residual(name):
    make, formula = RESIDUALS[name]
    x, mask, rel = torch.randn(B, N, C), torch.ones(B, N, dtype=torch.bool), torch.zeros(B, N, N, dtype=torch.uint8)
    attention, feed_forward, norms = PlainAttention(dim=C, heads=H), SwiGLU(dim=C, hidden=8), (RMSNorm(dim=C), RMSNorm(dim=C))
    residuals = make(), make()
    layer = EncoderLayer(
        attention=attention,
        attention_norm=norms[0],
        feed_forward=feed_forward,
        feed_forward_norm=norms[1],
        dropout=Dropout(0.0),
        residuals=residuals,
    )
    want = formula(residuals[0], x, lambda y: attention(y, rel, mask), norms[0])
    torch.testing.assert_close(layer(x, rel, mask), formula(residuals[1], want, feed_forward, norms[1]))


@pytest.mark.parametrize("name", RESIDUALS)
def test_a_decoder_layer_with_each_residual(name):
    make, formula = RESIDUALS[name]
    x, memory, mask = torch.randn(B, 3, C), torch.randn(B, N, C), torch.ones(B, N, dtype=torch.bool)
    attention, cross, feed_forward = CausalAttention(dim=C, heads=H), CrossAttention(dim=C, heads=H), GELU(dim=C, hidden=8)
    norms, residuals = tuple(LayerNorm(dim=C) for _ in range(3)), tuple(make() for _ in range(3))
    layer = DecoderLayer(
        attention=attention, cross=cross, feed_forward=feed_forward, norms=norms, dropout=Dropout(0.0), residuals=residuals
    )
    nodes = cross.remember(memory)
    want = formula(residuals[0], x, lambda y: attention(y)[0], norms[0])
    want = formula(residuals[1], want, lambda y: cross(y, nodes, mask), norms[1])
    torch.testing.assert_close(layer(x, nodes, mask)[0], formula(residuals[2], want, feed_forward, norms[2]))


def test_a_layer_with_gates_of_zero_is_the_identity():
    x, mask, rel = torch.randn(B, N, C), torch.ones(B, N, dtype=torch.bool), torch.zeros(B, N, N, dtype=torch.uint8)
    layer = EncoderLayer(
        attention=PlainAttention(dim=C, heads=H),
        attention_norm=NoNorm(),
        feed_forward=SwiGLU(dim=C, hidden=8),
        feed_forward_norm=NoNorm(),
        dropout=Dropout(0.0),
        residuals=(ReZero(), ReZero()),
    )
    assert torch.equal(layer(x, rel, mask), x)


def test_checkpoints_of_before_find_the_weights_of_a_layer():
    layer = EncoderLayer(
        attention=NoAttention(), attention_norm=RMSNorm(dim=C), feed_forward=NoNorm(), feed_forward_norm=RMSNorm(dim=C), dropout=NoNorm()
    )
    assert set(layer.state_dict()) == {"attention_norm.gain", "feed_forward_norm.gain"}


@pytest.mark.parametrize("top", [1, 2, 4])
def test_a_mixture_is_the_weighted_sum_of_the_likeliest_experts(top):
    mixture, x = Mixture(dim=C, hidden=8, experts=4, top=top), torch.randn(B, N, C)
    got = mixture(x)
    for b in range(B):
        for n in range(N):
            p = (x[b, n] @ mixture.router.weight.T).softmax(-1).tolist()
            best = sorted(range(4), key=lambda e: -p[e])[:top]
            total = sum(p[e] for e in best) if top > 1 else 1.0
            want = sum(p[e] / total * mixture.experts[e](x[b, n]) for e in best)
            torch.testing.assert_close(got[b, n], want, rtol=1e-4, atol=1e-5)


def test_experts_that_are_used_alike_are_in_balance():
    mixture = Mixture(dim=4, hidden=8, experts=4, top=1)
    mixture.router.weight.data = torch.eye(4) * 20
    mixture(torch.eye(4))
    assert balance_loss(mixture).item() == pytest.approx(1.0, abs=1e-4)
    mixture(torch.eye(4)[[0, 0, 0, 0]])
    balance = balance_loss(mixture)
    assert balance.item() == pytest.approx(4.0, abs=1e-4)
    assert balance_loss(mixture) is None  # handed out once
    balance.backward()
    assert mixture.router.weight.grad.abs().max() > 0
    mixture.eval()(torch.eye(4))
    assert balance_loss(mixture) is None


def test_every_expert_has_a_gradient_even_when_none_chose_it():
    mixture = Mixture(dim=4, hidden=8, experts=4, top=1)
    mixture(torch.ones(3, 4)).sum().backward()
    assert all(p.grad is not None for p in mixture.parameters())
    with pytest.raises(ValueError, match="top must be from 1 to the number of experts, 4; it is 5"):
        Mixture(dim=4, hidden=8, top=5)


def test_positions():
    numbers = torch.tensor([0, 1, 7])
    got = Sinusoid(count=8, dim=6)(numbers) / (2 / 6) ** 0.5
    rates = [1.0, 10_000 ** (-2 / 6), 10_000 ** (-4 / 6)]
    want = [[f(n * r) for r in rates for f in (torch.sin, torch.cos)] for n in numbers]
    torch.testing.assert_close(got, torch.tensor(want))
    torch.testing.assert_close(Sinusoid(count=8, dim=6)(numbers).norm(dim=-1), torch.ones(3))
    learned = LearnedPositions(count=4, dim=6)
    torch.testing.assert_close(learned(numbers), learned.weight[[0, 1, 3]])
    assert not NoPositions(count=4)(numbers).any()


def test_the_additive_pointer_is_its_formula():
    pointer, x, memory = AdditivePointer(dim=C), torch.randn(B, 3, C), torch.randn(B, N, C)
    pointed = torch.zeros(B, 3, N, dtype=torch.bool)
    pointed[1, 2, 4] = True
    scores = pointer(x, pointer.keys(memory), pointed)
    assert scores.shape == (B, 3, N)
    for n in (3, 4):
        want = pointer.score.weight[0] @ torch.tanh(pointer.step(x[1, 2]) + pointer.node.weight @ memory[1, n])
        torch.testing.assert_close(scores[1, 2, n], want + (pointer.again(x[1, 2])[0] if n == 4 else 0))
