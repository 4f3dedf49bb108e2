"""Attention over what stands before when rows begin at different places, in one call or several; a layer of Llama."""

import pytest
import torch

from microgt.blocks.attention import ALiBi, CausalAttention, Rotary
from microgt.blocks.causal_layer import CausalLayer
from microgt.blocks.feed_forward import SwiGLU
from microgt.blocks.norm import RMSNorm

B, L, C, H = 2, 7, 32, 4


@pytest.fixture(params=[{}, {"qk": Rotary(dim=C, heads=H)}, {"distance": ALiBi(heads=H)}], ids=["plain", "rotary", "alibi"])
def attention(request):
    torch.manual_seed(0)
    return CausalAttention(dim=C, heads=H, **request.param).eval()


@pytest.fixture
def padded():
    """A whole row, and one whose first three positions are padding."""
    torch.manual_seed(1)
    mask = torch.ones(B, L, dtype=torch.bool)
    mask[1, :3] = False
    return torch.randn(B, L, C), mask


def test_what_stands_before_a_row_is_not_seen(attention, padded):
    x, mask = padded
    together, _ = attention(x, mask_BM=mask)
    torch.testing.assert_close(together[:1], attention(x[:1])[0])
    torch.testing.assert_close(together[1:, 3:], attention(x[1:, 3:])[0])
    assert torch.isfinite(together).all()


@pytest.mark.parametrize("cuts", [(4,), (1, 5), (4, 5, 6)])
def test_in_parts_as_at_once(attention, padded, cuts):
    x, mask = padded
    want, past, begin = attention(x, mask_BM=mask)[0], None, 0
    for end in (*cuts, L):
        got, past = attention(x[:, begin:end], past, mask_BM=mask[:, :end])
        torch.testing.assert_close(got, want[:, begin:end])
        begin = end


def test_several_steps_after_others_without_a_mask(attention, padded):
    x, _ = padded
    want = attention(x)[0]
    _, past = attention(x[:, :3])
    torch.testing.assert_close(attention(x[:, 3:], past)[0], want[:, 3:])


def test_a_layer_by_hand(attention, padded):
    x, mask = padded
    norms = RMSNorm(dim=C), RMSNorm(dim=C)
    layer = CausalLayer(attention=attention, feed_forward=SwiGLU(dim=C, hidden=8), norms=norms, dropout=torch.nn.Identity())
    got, (keys, _) = layer(x, None, mask)
    middle = x + attention(norms[0](x), mask_BM=mask)[0]
    torch.testing.assert_close(got, middle + layer.feed_forward(norms[1](middle)))
    assert keys.shape == (B, H, L, C // H)
    got.sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in layer.parameters())
