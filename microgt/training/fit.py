"""One training run: data, module, trainer, checkpoint."""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.pytorch import Trainer
from lightning.pytorch.callbacks import Callback, ModelCheckpoint

from microgt.errors import ConfigError, did_you_mean
from microgt.training.callbacks import Averaging, Export, Facts, StepProgress, Volume
from microgt.training.datamodule import ParserData
from microgt.training.module import ParserModule
from microgt.training.resume import check_resumable


@dataclass(frozen=True)
class Machine:
    """Where training runs. processes > 1: local SGD, one thread each, parameters averaged every `average_every` steps.

    accelerator, precision: as Lightning takes them; precision "auto" is bf16 where the CPU or GPU multiplies it fast, else fp32.
    """

    accelerator: str = "cpu"
    precision: str = "auto"
    processes: int = 1
    average_every: int = 8
    threads: int = 1

    def arguments(self) -> dict[str, Any]:
        """What to give to Lightning's Trainer."""
        common = {"accelerator": self.accelerator, "precision": _precision(self)}
        if self.processes == 1:
            return {**common, "devices": 1 if self.accelerator == "cpu" else "auto"}
        return {**common, "devices": self.processes, "strategy": _local_sgd(self.average_every)}


def _precision(machine: Machine) -> str:
    if machine.precision != "auto":
        return machine.precision
    if machine.accelerator == "cpu":
        # Without these instructions bf16 products are emulated, 8 to 9 times slower than fp32 (measured on Zen 3).
        fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    else:
        fast = torch.cuda.is_available() and torch.cuda.is_bf16_supported(including_emulation=False)
    return "bf16-mixed" if fast else "32-true"


def _local_sgd(period: int):
    """Each process takes its own optimizer steps; parameters are averaged every `period` steps (Lin et al. 2020, post-local SGD)."""
    from lightning.pytorch.strategies import DDPStrategy
    from torch.distributed.algorithms.ddp_comm_hooks import post_localSGD_hook as post

    state = post.PostLocalSGDState(process_group=None, subgroup=None, start_localSGD_iter=0, post_local_gradient_allreduce=False)
    return DDPStrategy(
        start_method="fork",
        process_group_backend="gloo",
        ddp_comm_state=state,
        ddp_comm_hook=post.post_localSGD_hook,
        model_averaging_period=period,
    )


def fit(
    module: ParserModule,
    data: ParserData,
    *,
    folder: Path,
    machine: Machine,
    loggers: Sequence[Any],
    facts: Mapping[str, Any] | None = None,
    clip: float = 1.0,
    ema: float = 0.999,
    checkpoint_every: int = 500,
    validate_every: int | None = None,
    callbacks: Sequence[Callback] = (),
    resume: Path | None = None,
    notes: dict[str, Any] | None = None,
    further: Mapping[str, Any] | None = None,
) -> Path:
    """Train and write `folder/checkpoint`; return its path. Ctrl-C stops after the current step and still writes it.

    facts: what the loggers are told of the run beside its figures.
    resume: a `last.ckpt` of an earlier run to continue exactly. Raises `CheckpointError` when that is not possible.
    validate_every: steps between looks at the data's validation split. callbacks: after its own.
    notes: to be written into the checkpoint. further: more arguments of Lightning's Trainer. Raises `ConfigError` for one that it does
    not take, or that is given here.
    """
    if resume is not None:
        check_resumable(resume, module)
    torch.set_num_threads(machine.threads)
    _quiet()
    average, volume = Averaging(ema), Volume()
    export = Export(folder / "checkpoint", average, volume, notes or {})
    saver = ModelCheckpoint(
        dirpath=folder, filename="last", every_n_train_steps=checkpoint_every, save_top_k=1, enable_version_counter=False
    )
    arguments = {
        "max_steps": module.clock.steps,
        "max_epochs": -1,
        "gradient_clip_val": clip,
        "logger": list(loggers),
        "callbacks": [average, volume, saver, export, StepProgress(), Facts(facts or {}), *callbacks],
        "val_check_interval": validate_every,
        "check_val_every_n_epoch": None if validate_every else 1,
        "limit_val_batches": None if validate_every else 0,
        "num_sanity_val_steps": 0,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "log_every_n_steps": min(20, module.clock.steps),
        "use_distributed_sampler": False,
        "default_root_dir": str(folder),
        **machine.arguments(),
    }
    trainer = L.Trainer(**arguments, **_further(further or {}, arguments))
    try:
        trainer.fit(module, datamodule=data, ckpt_path=str(resume) if resume else None, weights_only=resume is None or None)
    except SystemExit:  # Lightning's answer to Ctrl-C
        raise KeyboardInterrupt from None
    return export.folder


def _further(given: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    accepted = inspect.signature(Trainer.__init__).parameters.keys() - {"self", *own}
    for key in given:
        if key in own:
            raise ConfigError(f"trainer.{key} is set by microgt itself, from training and machine")
        if key not in accepted:
            raise ConfigError(f"trainer.{key}: Lightning's Trainer has no argument {key!r}{did_you_mean(key, accepted)}")
    return given


def _quiet() -> None:
    """Lightning's hints are about other set-ups than this one."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    for text in (
        ".*does not have many workers.*",
        ".*IterableDataset.*",
        ".*`isinstance.treespec, LeafSpec.*",
        ".*Checkpoint directory.*",
        ".*Experiment logs directory.*",
    ):
        warnings.filterwarnings("ignore", text)
