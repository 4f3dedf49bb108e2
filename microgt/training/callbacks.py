"""What happens beside the steps: the progress bar and the exported checkpoint."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.pytorch.callbacks import Callback, WeightAveraging
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from microgt.model.batch import Batch
from microgt.model.checkpoint import write_checkpoint
from microgt.training.module import ParserModule


class StepProgress(Callback):
    """A rich bar over steps, or over the minutes of a deadline, on a terminal; one line each minute elsewhere, none in CI."""

    def __init__(self) -> None:
        self.bar: Progress | None = None
        self.last_line = 0.0

    def on_train_start(self, trainer: L.Trainer, pl_module: ParserModule) -> None:
        """Open the bar."""
        self.last_line = time.monotonic()
        if trainer.is_global_zero and sys.stderr.isatty():
            columns = (
                TextColumn("training"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("step {task.fields[step]}"),
                TextColumn("loss {task.fields[loss]}"),
                TimeRemainingColumn(),
            )
            self.bar = Progress(*columns)
            self.task = self.bar.add_task("training", total=1.0, step=trainer.global_step, loss="")
            self.bar.update(self.task, completed=pl_module.clock.progress(trainer.global_step))
            self.bar.start()

    def on_train_batch_end(self, trainer: L.Trainer, pl_module: ParserModule, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Advance it."""
        loss = f"{float(outputs['loss']):.3f}"
        if self.bar is not None:
            self.bar.update(self.task, completed=pl_module.clock.progress(trainer.global_step), step=trainer.global_step, loss=loss)
        elif trainer.is_global_zero and not os.environ.get("CI") and time.monotonic() - self.last_line >= 60:
            self.last_line = time.monotonic()
            minutes = pl_module.clock.seconds / 60
            print(f"step {trainer.global_step} of {pl_module.clock.steps}, {minutes:.1f} min, loss {loss}", file=sys.stderr, flush=True)

    def on_train_end(self, trainer: L.Trainer, pl_module: ParserModule) -> None:
        """Close it."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None

    def on_exception(self, trainer: L.Trainer, pl_module: ParserModule, exception: BaseException) -> None:
        """Give the terminal back."""
        self.on_train_end(trainer, pl_module)


class Facts(Callback):
    """Tells the loggers what the run is made of."""

    def __init__(self, facts: Mapping[str, Any]):
        self.facts = dict(facts)

    def setup(self, trainer: L.Trainer, pl_module: L.LightningModule, stage: str) -> None:
        """In the process that logs, before the loggers write what they know of the run."""
        for logger in trainer.loggers:
            logger.log_hyperparams(self.facts)


class Averaging(WeightAveraging):
    """Exponential moving average of the weights whose decay grows from 0.1 to `decay`, so that short runs average too."""

    def __init__(self, decay: float = 0.999):
        super().__init__(
            use_buffers=False, avg_fn=lambda average, now, n: average + (now - average) * (1 - min(decay, (1 + float(n)) / (10 + float(n))))
        )


class Volume(Callback):
    """Counts what was read: examples, and their nodes and actions without padding. Goes on counting in a resumed run."""

    def __init__(self) -> None:
        self.examples, self.tokens = 0, torch.zeros((), dtype=torch.long)

    def on_train_batch_end(self, trainer: L.Trainer, pl_module: ParserModule, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Add a batch; the sum stays on its device, so that nothing waits for it. The batches of other processes are taken to be alike."""
        assert batch.action_mask is not None
        self.examples += len(batch) * trainer.world_size
        self.tokens = self.tokens.to(batch.kinds.device) + (batch.node_mask.sum() + batch.action_mask.sum()) * trainer.world_size

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run goes on from."""
        return {"examples": self.examples, "tokens": int(self.tokens)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        self.examples, self.tokens = state_dict["examples"], torch.tensor(state_dict["tokens"])


class Export(Callback):
    """Writes the portable checkpoint directory at the end, and when training is interrupted, with averaged weights.

    Comes after `Averaging` in the list of callbacks, which puts the averages into the module when training ends.
    The part `training` of its config.json says what was done, and whether that is all that was asked for (`finished`).
    """

    def __init__(self, folder: Path, averaging: Callback, volume: Volume, notes: dict[str, Any]):
        self.folder, self.averaging, self.volume, self.notes = folder, averaging, volume, notes

    def on_train_end(self, trainer: L.Trainer, pl_module: ParserModule) -> None:
        """The normal end, and a deadline's."""
        self._write(trainer, pl_module, finished=True)

    def _write(self, trainer: L.Trainer, pl_module: ParserModule, *, finished: bool) -> None:
        state = trainer.strategy.lightning_module_state_dict()  # all processes give their shards
        if trainer.is_global_zero:
            weights = {name.removeprefix("model."): value for name, value in state.items() if name.startswith("model.")}
            done = {"finished": finished, "steps": trainer.global_step, "seconds": round(pl_module.clock.seconds, 1)}
            training = {**done, **self.volume.state_dict(), "seed": pl_module.seed, **self.notes}
            write_checkpoint(self.folder, weights, pl_module.lexicon, {**pl_module.making, "training": training})

    def on_exception(self, trainer: L.Trainer, pl_module: ParserModule, exception: BaseException) -> None:
        """An interrupted run leaves what it has, and where it is one process, the place to go on from."""
        if isinstance(exception, KeyboardInterrupt) and trainer.global_step > 0:
            if trainer.world_size == 1:  # several would have to wait for each other
                trainer.save_checkpoint(self.folder.parent / "last.ckpt")
            self.averaging.on_train_end(trainer, pl_module)
            self._write(trainer, pl_module, finished=False)
