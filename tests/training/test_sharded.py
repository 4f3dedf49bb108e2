"""Two processes that share out the weights of a model take the step of one; what they save, others read. By FSDP2 on CPUs: FSDP1, which
Lightning wraps, refuses to run without an accelerator."""

import os
import socket

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict, set_model_state_dict
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

from microgt.build import build
from microgt.config import compose
from microgt.model.collate import collate
from microgt.model.loss import ParserLoss
from microgt.training.strategies import Sharded
from tests.configs.test_model_steps import SMALL
from tests.model.conftest import lexicon, make_graph, random_actions

__all__ = ["lexicon", "make_graph", "random_actions"]

EXACT = ("model=nano", *SMALL, "size.dropout=0", "model.embedder.tokens.unknown=0")
WHOLE = StateDictOptions(full_state_dict=True, cpu_offload=True)


@pytest.fixture
def batches(lexicon, make_graph, random_actions):
    """A batch for each process."""
    graphs = [make_graph(seed, words=5 + seed) for seed in range(2)]
    return [collate([graph], [random_actions(graph, seed)], lexicon) for seed, graph in enumerate(graphs)]


def small():
    torch.manual_seed(0)
    return build(compose("describe", EXACT)["model"])


def shard(model, mesh):
    """The units of `Sharded`, by FSDP2."""
    wraps = Sharded().kwargs["auto_wrap_policy"]
    for part in [part for part in model.modules() if wraps(module=part, recurse=False, nonwrapped_numel=0)]:
        fully_shard(part, mesh=mesh)
    return fully_shard(model, mesh=mesh)


def learn(model, batches):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    (sum(ParserLoss()(model(batch), batch).total for batch in batches) / len(batches)).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def one_of_two(rank, port, batches, folder):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    model = shard(small(), mesh)
    learn(model, [batches[rank]])
    saved = get_model_state_dict(model, options=WHOLE)
    again = shard(small(), mesh)
    set_model_state_dict(again, dict(saved), options=StateDictOptions(full_state_dict=True, broadcast_from_rank0=True))
    with torch.no_grad():
        assert torch.equal(again(batches[rank]).logits, model(batches[rank]).logits)
    if rank == 0:
        torch.save(saved, folder / "saved.pt")
    dist.barrier()
    dist.destroy_process_group()


@pytest.mark.filterwarnings("default")  # of torch's own hooks
def test_a_sharded_step_is_the_step_of_one_process(batches, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mp.start_processes(one_of_two, args=(port, batches, tmp_path), nprocs=2, start_method="fork")
    alone = small()
    learn(alone, batches)
    saved = torch.load(tmp_path / "saved.pt", weights_only=True)
    assert saved.keys() == alone.state_dict().keys()
    for name, value in alone.state_dict().items():
        torch.testing.assert_close(saved[name], value, rtol=1e-4, atol=1e-6, msg=lambda text, name=name: f"{name}: {text}")
