"""Ways through the tree of a derivation against its parents step by step; attention that knows them against plain lines."""

import math
import random

import pytest
import torch

from microgt.blocks.attention import CausalAttention, TreeBias, TreeKeys
from microgt.blocks.attention.tree import _least_from, hops
from microgt.spec.grammar import GRAMMAR, Action, ActionKind

B, C, H, D = 2, 32, 4, 8


def random_tree(seed):
    """(depths, parents): of each step of a random derivation, the step that opened its position, -1 at the root."""
    rng = random.Random(seed)
    while True:
        derivation, opened, depths, parents = GRAMMAR.start(), [-1], [], []
        while not derivation.done:
            legal, parent, depth = derivation.legal(), opened.pop(), derivation.depth
            choices = [Action(ActionKind.RULE, r) for r in legal.rules] + [Action(kind, 0) for kind in sorted(legal.pointers)]
            derivation = derivation.push(rng.choice(choices))
            items, stack = [], derivation.stack
            while stack is not None:
                items, stack = [stack[0], *items], stack[1]
            for item in items[len(opened) :]:
                opened.append(parent if item.depth == depth else len(depths))  # further clauses stand beside the one before
            depths.append(depth)
            parents.append(parent)
        if 8 <= len(depths) <= 60:
            return depths, parents


def path(step, parents):
    """From a step to the root."""
    return [step, *(path(parents[step], parents) if step >= 0 else [])]


@pytest.mark.parametrize("seed", range(12))
def test_hops_are_those_along_parents(seed):
    depths, parents = random_tree(seed)
    up, down = hops(torch.tensor([depths]), len(depths))
    for i in range(len(depths)):
        for j in range(i + 1):
            mine, other = path(i, parents), path(j, parents)
            meeting = next(step for step in mine if step in other)
            assert (up[0, i, j], down[0, i, j]) == (mine.index(meeting), other.index(meeting))


@pytest.mark.parametrize("last", [1, 3])
def test_the_last_steps_alone(last):
    depths = torch.tensor([random_tree(1)[0][:8], random_tree(2)[0][:8]])
    for alone, all_steps in zip(hops(depths, last), hops(depths, 8), strict=True):
        assert torch.equal(alone, all_steps[:, -last:])


@pytest.mark.parametrize("kind", [TreeBias, TreeKeys])
@pytest.mark.parametrize("groups", [4, 2])
def test_attention_by_hand_and_step_by_step(kind, groups):
    torch.manual_seed(0)
    depths = torch.tensor([random_tree(1)[0][:8], random_tree(2)[0][:8]])
    module = CausalAttention(dim=C, heads=H, kv_heads=groups, tree=kind(dim=C, heads=H, most=2)).eval()
    torch.nn.init.normal_(module.tree.bias_table)
    x = torch.randn(B, 8, C)
    at_once, _ = module(x, None, depths)
    q, k, v = ((x @ w.T).unflatten(-1, (-1, D)) for w in module.project.weight.split([C, groups * D, groups * D]))
    up, down = hops(depths, 8)
    for b in range(B):
        for i in range(8):
            heads = []
            for h in range(H):
                scores = []
                for j in range(i + 1):
                    way = min(int(up[b, i, j]), 2) * 3 + min(int(down[b, i, j]), 2)
                    key = k[b, j, h * groups // H] + (module.tree.key_table[way] if kind is TreeKeys else 0.0)
                    scores.append(q[b, i, h] @ key / math.sqrt(D) + module.tree.bias_table[h, way])
                heads.append(torch.stack(scores).softmax(0) @ v[b, : i + 1, h * groups // H])
            torch.testing.assert_close(at_once[b, i], torch.cat(heads) @ module.out.weight.T, rtol=1e-4, atol=1e-5)
    past = None
    for t in range(8):
        got, past = module(x[:, t : t + 1], past, depths[:, : t + 1])
        torch.testing.assert_close(got[:, 0], at_once[:, t], rtol=1e-4, atol=1e-5)


def test_dropout_keeps_what_is_known_of_the_tree():
    torch.manual_seed(0)
    depths = torch.tensor([random_tree(1)[0][:8]])
    module = CausalAttention(dim=C, heads=H, tree=TreeBias(heads=H), dropout=1e-7)
    torch.nn.init.normal_(module.tree.bias_table)
    x = torch.randn(1, 8, C)
    torch.testing.assert_close(module(x, None, depths)[0], module.eval()(x, None, depths)[0], rtol=1e-4, atol=1e-5)


def test_depths_are_needed():
    with pytest.raises(ValueError, match="needs the depths"):
        CausalAttention(dim=C, heads=H, tree=TreeBias(heads=H))(torch.randn(1, 3, C))


def test_the_least_from_each_place_on():
    x = torch.randint(0, 50, (2, 3, 96), generator=torch.Generator().manual_seed(0))
    assert torch.equal(_least_from(x), x.flip(-1).cummin(-1).values.flip(-1))


def test_ways_can_be_exported_to_onnx():
    pytest.importorskip("onnxscript")

    class Ways(torch.nn.Module):
        def forward(self, depths_BM):
            return hops(depths_BM, 1)

    program = torch.onnx.export(
        Ways().eval(),
        (torch.tensor([[0, 1, 2, 2]]),),
        dynamo=True,
        dynamic_shapes=({0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC},),
    )
    assert program is not None
    depths = torch.tensor([[0, 1, 2, 2, 1, 2, 3]])
    for got, want in zip(program(depths), hops(depths, 1), strict=True):
        assert torch.equal(got, want)
