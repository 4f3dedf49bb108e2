"""How several processes learn together: what `machine.strategy` names. Each takes its part of every step's batch (`stream.py`)."""

from __future__ import annotations

from typing import Literal

from lightning.pytorch.strategies import DDPStrategy, FSDPStrategy
from torch.distributed.algorithms.ddp_comm_hooks import post_localSGD_hook as post
from torch.distributed.fsdp import FullyShardedDataParallel

from microgt.blocks.encoder_layer import EncoderLayer

Start = Literal["fork", "popen"]


class Reduced(DDPStrategy):
    """Gradients are averaged over all processes in every step (Li et al. 2020, PyTorch Distributed): the step of one with all the batch.

    start: "fork" on CPUs; "popen" on GPUs, where each process is the command again. backend: "gloo" on CPUs, "nccl" on GPUs.
    """

    def __init__(self, *, start: Start = "fork", backend: str = "gloo"):
        super().__init__(start_method=start, process_group_backend=backend)


class LocalSGD(DDPStrategy):
    """Each process takes its own optimizer steps; parameters are averaged every `period` steps (Lin et al. 2020, post-local SGD)."""

    def __init__(self, *, period: int = 8):
        state = post.PostLocalSGDState(process_group=None, subgroup=None, start_localSGD_iter=0, post_local_gradient_allreduce=False)
        super().__init__(
            start_method="fork",
            process_group_backend="gloo",
            ddp_comm_state=state,
            ddp_comm_hook=post.post_localSGD_hook,
            model_averaging_period=period,
        )


class Sharded(FSDPStrategy):
    """Weights, gradients and optimizer states are spread over the GPUs, gathered layer by layer (Zhao et al. 2023, FSDP).

    Only layers of the encoder, which has nearly all weights, are gathered by themselves: what a decoder's layer remembers of the memory is
    computed before the layer itself is called. The weights are not averaged over steps: Lightning's callback for it cannot shard.
    """

    def __init__(self):
        super().__init__(auto_wrap_policy={EncoderLayer}, state_dict_type="full")

    def clip(self, norm: float) -> None:
        """Scale all gradients so that their norm is at most `norm`."""
        assert isinstance(self.model, FullyShardedDataParallel)
        self.model.clip_grad_norm_(norm)
