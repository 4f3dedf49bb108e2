"""What `describe` counts, against formulas and against Llama-2's published size."""

import pytest
import torch
from torch import nn

from microgt.blocks.attention import CausalAttention, PlainAttention, Rotary
from microgt.blocks.feed_forward import SwiGLU
from microgt.blocks.norm import RMSNorm
from microgt.cli.main import main
from microgt.config import compose
from microgt.model.description import describe
from microgt.model.llama2 import Llama2
from microgt.model.operations import operations


def layer_of(llama):
    """A layer of the project's own blocks."""
    sizes = {"dim": llama.dim, "heads": llama.heads}
    attention = CausalAttention(**sizes, kv_heads=llama.kv_heads, qk=Rotary(**sizes))
    return nn.ModuleList([attention, SwiGLU(dim=llama.dim, hidden=llama.hidden), RMSNorm(dim=llama.dim), RMSNorm(dim=llama.dim)])


@pytest.mark.parametrize(
    ("llama", "published"),
    [
        (Llama2(), 6_738_415_616),
        (Llama2(layers=40, dim=5120, hidden=13_824, heads=40, kv_heads=40), 13_015_864_320),
        (Llama2(layers=80, dim=8192, hidden=28_672, heads=64, kv_heads=8), 68_976_648_192),
    ],
)
def test_llama_2_has_its_published_size_in_our_blocks(llama, published):
    assert llama.total == published
    with torch.device("meta"):
        layer = sum(p.numel() for p in layer_of(llama).parameters())
    assert llama.layers * layer + llama.dim + 2 * llama.words * llama.dim == published


def test_operations_of_llama_2_are_those_of_its_blocks():
    llama, prompt = Llama2(layers=1, dim=64, hidden=160, heads=4, kv_heads=4, words=50), 20
    attention, feed_forward, *_ = layer_of(llama)
    head, x = nn.Linear(64, 50, bias=False), torch.zeros(1, prompt, 64)
    read = llama.flops(prompt=prompt, answer=1)
    spent = sum(operations(attention, lambda: attention(x)).values())
    _, past = attention(x)
    spent += sum(operations(attention, lambda: attention(x[:, :1], past)).values())
    assert read["layers", "attention"] == spent
    assert read["layers", "feed forward"] == sum(operations(feed_forward, lambda: feed_forward(torch.zeros(1, prompt + 1, 64))).values())
    assert read["head", "words"] == sum(operations(head, lambda: head(x[:, :1])).values())


def test_each_operation_is_counted_once_where_it_is_spent():
    attention = PlainAttention(dim=16, heads=4)
    x, rel, mask = torch.zeros(2, 7, 16), torch.zeros(2, 7, 7, dtype=torch.uint8), torch.ones(2, 7, dtype=torch.bool)
    spent = operations(attention, lambda: attention(x, rel, mask))
    assert spent == {"project": 2 * 14 * 16 * 48, "out": 2 * 14 * 16 * 16, "": 2 * 2 * 2 * 7 * 7 * 16}
    assert operations(nn.Linear(3, 4), lambda: None) == {}


@pytest.mark.parametrize(("attention", "tables"), [("plain", [0]), ("bias", [0]), ("relation", range(64, 73))])
def test_attention_costs_what_its_formula_says(attention, tables):
    """Projections, scores and sums over N nodes, and the products of queries with the vectors of 64 relations, padded as the kernel likes."""
    model = compose("describe", ["model=nano", f"model/encoder/attention={attention}"])["model"]
    n, c, layers = 30, 96, 2
    want = [layers * (2 * n * 4 * c * c + 4 * n * n * c + 2 * n * r * c) for r in tables]
    assert describe(model, nodes=n, actions=4).flops["encoder", "attention"] in want


def test_blocks_of_llama_2_know_no_relations():
    model = compose("describe", ["model=nano", "model/blocks=llama2"])["model"]
    assert model["encoder"]["attention"]["_target_"].endswith(".PlainAttention")
    assert model["encoder"]["attention"]["qk"]["_target_"].endswith(".Rotary")
    assert model["decoder"]["attention"]["qk"]["_target_"].endswith(".Rotary")


def test_a_tenth_is_of_llama_2s_parts():
    model = compose("describe", ["model=tenth"])["model"]
    for part in ("encoder", "decoder"):
        names = [model[part][block]["_target_"].rpartition(".")[2] for block in ("feed_forward", "norm", "residual")]
        assert names == ["SwiGLU", "RMSNorm", "PreNorm"]
        assert model[part]["attention"]["qk"]["_target_"].endswith(".Rotary")
    assert describe(model).total / Llama2().total == pytest.approx(0.1, rel=0.02)


def test_a_light_decoder_is_light():
    full, light = (describe(compose("describe", ["model=micro", *more])["model"]) for more in ([], ["model/blocks=light_decoder"]))
    size, light_size = (sum(n for (part, _), n in d.parameters.items() if part == "decoder") for d in (full, light))
    assert light_size < size / 2
    assert [*light.parameters].count(("decoder", "feed forward")) == 0
    assert light.parameters["encoder", "attention"] == full.parameters["encoder", "attention"]


def test_what_is_printed(capsys):
    assert main(["describe", "model=nano", "nodes=20", "actions=5", "text.prompt=100"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert any(line.startswith("encoder attention 77,312 8.3% 0.3 MiB") for line in lines)
    assert any(line.startswith("all 6,738,415,616 100.0% 25.1 GiB") for line in lines)
    assert "this model: a graph of 20 nodes, 5 actions. Llama-2-7B: a prompt of 100 tokens, 40 tokens of SQL" in lines
