"""A step in several processes, or in several parts, is the step of one with all the batch; layers that recompute or are compiled learn the same."""

import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.errors import ConfigError
from microgt.model.checkpoint import read_checkpoint
from microgt.model.collate import collate
from microgt.model.loss import ParserLoss
from microgt.training.strategies import LocalSGD, Reduced, Sharded
from microgt.training.wrap import Compile
from tests.model.conftest import lexicon, make_graph, random_actions

__all__ = ["lexicon", "make_graph", "random_actions"]

EXACT = (
    "size.dropout=0",
    "model.embedder.tokens.unknown=0",
    "training.augment=null",
    "training.steps=3",
    "training.checkpoint_every=100",
    "machine.precision=32-true",
)


def weights(folder) -> torch.Tensor:
    return torch.cat([value.flatten().double() for value in read_checkpoint(folder).model.state_dict().values()])


@pytest.fixture
def alone(losses, tmp_path):
    """Losses and weights of three steps in one process with eight questions each."""
    return floats(losses("alone", *EXACT, "training.batch_size=8")), weights(tmp_path / "runs" / "alone")


def floats(found: dict[int, str]) -> list[float]:
    return [float(found[step]) for step in sorted(found)]


@pytest.mark.filterwarnings("ignore:.*torch.jit.*is deprecated:DeprecationWarning")  # by torch's own optimizers
def test_two_processes_take_the_steps_of_one_with_twice_the_batch(losses, tmp_path, alone):
    found = losses("two", *EXACT, "training.batch_size=4", "machine=ddp")
    assert floats(found) == pytest.approx(alone[0], rel=1e-5)
    assert torch.allclose(weights(tmp_path / "runs" / "two"), alone[1], atol=1e-5)


def test_a_batch_in_parts_gives_the_same_steps(losses, tmp_path, alone):
    losses("parts", *EXACT, "training.batch_size=8", "training.accumulate=4")
    assert torch.allclose(weights(tmp_path / "runs" / "parts"), alone[1], atol=1e-5)


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_gradients_are_clipped_in_every_precision(precision, losses, alone, monkeypatch):
    norms, step = [], torch.optim.AdamW.step

    def looked_at(self, closure):
        def look():
            loss = closure()
            gradients = [p.grad for group in self.param_groups for p in group["params"] if p.grad is not None]
            norms.append(float(torch.nn.utils.get_total_norm(gradients)))
            return loss

        return step(self, look)

    monkeypatch.setattr(torch.optim.AdamW, "step", looked_at)
    found = losses("clipped", *EXACT, "training.batch_size=8", "training.clip=0.01", f"machine.precision={precision}")
    assert norms == pytest.approx([0.01] * 3, rel=1e-3)
    assert floats(found)[0] == pytest.approx(alone[0][0], rel=0.02)


def learn(wrap: str, batch):
    """Loss, gradients and bytes kept for the backward pass of a small model whose layers are wrapped."""
    torch.manual_seed(0)
    config = compose("train", ["model=nano", "size.dropout=0", "model.embedder.tokens.unknown=0", f"machine/wrap={wrap}"])
    model = build(config["model"])
    if "backend" in config["machine"]["wrap"]:
        config["machine"]["wrap"]["backend"] = "aot_eager"
    build(config["machine"]["wrap"])(model)
    kept = 0

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        nonlocal kept
        kept += tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = ParserLoss()(model(batch), batch).total
    loss.backward()
    return loss.detach(), {name: p.grad for name, p in model.named_parameters()}, kept


@pytest.fixture
def batch(lexicon, make_graph, random_actions):
    """Three small graphs with targets."""
    graphs = [make_graph(seed, words=5 + seed) for seed in range(3)]
    return collate(graphs, [random_actions(graph, seed) for seed, graph in enumerate(graphs)], lexicon)


@pytest.mark.parametrize("wrap", ["recompute", "both"])
@pytest.mark.filterwarnings("default")  # of torch's compiler
def test_wrapped_layers_learn_the_same(wrap, batch):
    loss, gradients, kept = learn("none", batch)
    wrapped_loss, wrapped_gradients, wrapped_kept = learn(wrap, batch)
    assert torch.allclose(loss, wrapped_loss, atol=1e-6)
    assert wrapped_gradients.keys() == gradients.keys()
    for name, gradient in gradients.items():
        if gradient is not None:
            assert torch.allclose(gradient, wrapped_gradients[name], atol=1e-5), name
    if wrap == "recompute":
        assert wrapped_kept < 0.8 * kept


def test_what_cannot_be_compiled_is_left_as_it_is(capsys):
    model = build(compose("describe", ["model=nano"])["model"])
    Compile(backend="nvcc")(model)
    assert "torch.compile by 'nvcc' is not possible here, training goes on without: " in capsys.readouterr().err
    assert all(layer._compiled_call_impl is None for layer in model.modules())


@pytest.mark.parametrize(
    ("name", "strategy", "processes"), [("ddp", Reduced, 2), ("cpu2", LocalSGD, 2), ("gpu_ddp", Reduced, 8), ("gpu_fsdp", Sharded, 8)]
)
def test_machines_of_several_processes(name, strategy, processes):
    """Those for GPUs cannot run here: their arguments are made, and the model that they train on the meta device."""
    config = compose("train", [f"machine={name}", "model=tenth"])
    machine = build(config["machine"])
    arguments = machine.arguments()
    assert isinstance(arguments["strategy"], strategy)
    assert arguments["devices"] == processes
    if name.startswith("gpu"):
        assert (arguments["accelerator"], arguments["precision"]) == ("gpu", "bf16-mixed")
    with torch.device("meta"):
        model = build(config["model"])
    machine.wrap(model)
    assert sum(p.numel() for p in model.parameters()) > 600_000_000


def test_the_shards_are_layers():
    """FSDP gathers one layer of the encoder at a time, and these hold most weights; a decoder's are used outside of their own call."""
    with torch.device("meta"):
        model = build(compose("describe", ["model=tenth"])["model"])
    wraps = Sharded().kwargs["auto_wrap_policy"]
    layers = [part for part in model.modules() if wraps(module=part, recurse=False, nonwrapped_numel=0)]
    assert layers == [*model.encoder.layers]
    assert sum(p.numel() for layer in layers for p in layer.parameters()) > 0.8 * sum(p.numel() for p in model.parameters())


def test_several_processes_need_a_strategy():
    with pytest.raises(ConfigError, match=r"machine.processes=2 need a strategy: machine=ddp, cpu2, gpu_ddp or gpu_fsdp has one"):
        build(compose("train", ["machine.processes=2"])["machine"]).arguments()
