"""What torch.compile, torch.export and autocast make of attention with relations."""

import operator
import shutil

import pytest
import torch
from torch.export import Dim

from microgt_kernels import relation_attention
from microgt_kernels.operator import _backward_op, relation_attention_op
from tests.kernels.problems import Problem


def operands(keep: bool, bins: int, stored: bool):
    """Arguments of the operator, with two heads to each head of keys."""
    leaves = Problem.drawn(5, torch.float32).leaves
    q, k, v = (leaves[x] for x in "qkv")
    b, h, n, _ = q.shape
    t = torch.randn(b, h, n, 8, requires_grad=True)
    rel = torch.randint(7, (b, n, n)).to(torch.uint8)
    return q, k, v, t, rel, (torch.rand(b, h, n, n) > 0.3).float() if keep else None, 0.25, bins, stored, "torch"


@pytest.mark.parametrize("bins", [0, 7])
@pytest.mark.parametrize("keep", [False, True], ids=["", "dropout"])
@pytest.mark.parametrize("stored", [False, True], ids=["", "stored"])
def test_the_operators_are_what_they_are_registered_as(stored, keep, bins):
    arguments = operands(keep, bins, stored)
    torch.library.opcheck(relation_attention_op, arguments)
    with torch.no_grad():
        o, lse, hist, p = relation_attention_op(*arguments)
    tensors = [x if x is None else x.detach() for x in arguments[:6]]
    dhist = torch.randn_like(hist) if bins else None
    torch.library.opcheck(_backward_op, (torch.randn_like(o), dhist, *tensors, o, lse, hist, p, 0.25, "torch"))


COMPILERS = [
    "aot_eager",
    pytest.param(
        "inductor",
        marks=[
            pytest.mark.slow,
            pytest.mark.skipif(shutil.which("g++") is None, reason="needs a C++ compiler"),
            pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning"),  # inductor's own, in torch 2.13
        ],
    ),
]


def compiled(compiler: str, backend: str, problem: Problem):
    """The function of the leaves, compiled to one graph."""
    torch.compiler.reset()

    def attend(leaves):
        return relation_attention(**leaves, rel=problem.rel, key_mask=problem.key_mask, dropout=problem.dropout, backend=backend)

    return torch.compile(attend, fullgraph=True, backend=compiler)


@pytest.mark.parametrize("backend", ["auto", "torch", "reference"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_compiled_to_one_graph_it_computes_the_same(compiler, backend):
    problem = Problem.drawn(9, torch.float32)
    got = problem.with_gradients(compiled(compiler, backend, problem)(problem.leaves))
    for a, b in zip(got, problem.run(backend), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_compiled_dropout_is_the_same_in_both_directions(compiler):
    """The output is linear in v, so v . dv = o . do exactly when the weights of the backward pass are those of the forward pass."""
    problem = Problem.drawn(9, torch.float32, parts=("rel_k", "rel_bias"), dropout=0.4)
    attend = compiled(compiler, "torch", problem)
    o, v = attend(problem.leaves), problem.leaves["v"]
    do = torch.randn_like(o)
    (dv,) = torch.autograd.grad(o, v, do)
    torch.testing.assert_close((v * dv).sum(), (o * do).sum())
    assert not torch.equal(o, attend(problem.leaves))


class Module(torch.nn.Module):
    """Attention with all three kinds of relation."""

    def __init__(self, backend: str, tables: dict[str, torch.Tensor]):
        super().__init__()
        self.backend = backend
        self.tables = torch.nn.ParameterDict(tables)

    def forward(self, q, k, v, rel, key_mask):
        return relation_attention(q, k, v, rel, **dict(self.tables.items()), key_mask=key_mask, backend=self.backend)


@pytest.mark.parametrize(("backend", "operators"), [("reference", set()), ("torch", {"microgt.relation_attention.default"})])
def test_exported_it_takes_any_number_of_items_and_nodes(backend, operators):
    def module_and_inputs(b, n):
        problem = Problem.drawn(n, torch.float32, b=b)
        tables = {name: problem.leaves[name].detach() for name in ("rel_k", "rel_v", "rel_bias")}
        return Module(backend, tables), (*(problem.leaves[x].detach() for x in "qkv"), problem.rel, problem.key_mask)

    module, inputs = module_and_inputs(3, 7)
    b, n = Dim("b", max=64), Dim("n", max=512)
    heads = {0: b, 2: n}
    program = torch.export.export(module, inputs, dynamic_shapes=(heads, heads, heads, {0: b, 1: n, 2: n}, {0: b, 1: n}))
    nodes = [node for part in program.graph_module.modules() for node in part.graph.nodes]
    called = {str(node.target) for node in nodes if node.op == "call_function" and node.target is not operator.getitem}
    assert {name for name in called if not name.startswith("aten.")} == operators
    for size in ((3, 7), (2, 40), (5, 3)):
        _, inputs = module_and_inputs(*size)
        torch.testing.assert_close(program.module()(*inputs), module(*inputs))


@pytest.mark.parametrize("backend", ["torch", "reference"])
def test_autocast_changes_nothing_for_queries_in_float32(backend):
    problem = Problem.drawn(13, torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        out = relation_attention(**problem.leaves, rel=problem.rel, key_mask=problem.key_mask, backend=backend)
    for a, b in zip(problem.with_gradients(out), problem.run(backend), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("backend", ["torch", "reference"])
def test_autocast_computes_in_the_dtype_of_the_queries(backend):
    problem = Problem.drawn(13, torch.float32)
    leaves = {name: x.bfloat16() if name in "qkv" else x for name, x in problem.leaves.items()}
    with torch.autocast("cpu", torch.bfloat16):
        out = relation_attention(**leaves, rel=problem.rel, key_mask=problem.key_mask, backend=backend)
    assert out.dtype is torch.bfloat16
    (grad,) = torch.autograd.grad(out.float().sum(), problem.leaves["rel_k"])
    assert grad.dtype is torch.float32
