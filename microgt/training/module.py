"""The Lightning module: loss, optimizer, schedule, the deadline, and what a checkpoint needs to be read without all this."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import lightning as L
import torch

from microgt.build import build
from microgt.model.batch import Batch
from microgt.model.checkpoint import describe_making
from microgt.model.lexicon import Lexicon
from microgt.training.schedule import Clock, Schedule, warmup_cosine
from microgt.training.start import load_grown
from microgt.training.strategies import Reduced, Sharded


class ParserModule(L.LightningModule):
    """Trains a `Parser`.

    model: its configuration (`_target_` tree). loss: a module `(output, batch) -> Losses`. lexicon: its vocabulary.
    untrained: rules that no training question uses; they are never chosen, then and later. lr: peak learning rate. warmup: steps.
    clock: all steps and the deadline. schedule: of the learning rate. seed: of every random choice. weights: to begin with; None: new ones.
    """

    def __init__(
        self,
        *,
        model: dict[str, Any],
        loss: Any,
        lexicon: Lexicon,
        untrained: Sequence[str],
        lr: float,
        warmup: int,
        weight_decay: float,
        clock: Clock,
        seed: int,
        schedule: Schedule = warmup_cosine,
        weights: Mapping[str, torch.Tensor] | None = None,
    ):
        super().__init__()
        self.making = describe_making(model, untrained=list(untrained))
        self.save_hyperparameters({"making": json.dumps(self.making), "tokenizer": lexicon.to_json()}, logger=False)
        torch.manual_seed(seed)  # the initial weights are the run's first random choice
        self.model = build(model)
        if weights is not None:
            load_grown(self.model, weights)
        for part in self.model.modules() if weights is None else ():
            if hasattr(part, "load_pretrained"):
                part.load_pretrained(lexicon)
        self.model.mask_rules(untrained)
        self.loss, self.lexicon, self.clock, self.seed = loss, lexicon, clock, seed
        self.lr, self.warmup, self.weight_decay, self.schedule = lr, warmup, weight_decay, schedule

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW; vectors (norms, biases) and embedding tables are not decayed."""
        decayed = [p for n, p in self.model.named_parameters() if p.ndim >= 2 and "table" not in n]
        chosen = {id(p) for p in decayed}
        plain = [p for p in self.model.parameters() if id(p) not in chosen]
        groups = [{"params": decayed, "weight_decay": self.weight_decay}, {"params": plain, "weight_decay": 0.0}]
        fused = self.trainer.precision != "16-mixed"  # one pass over each tensor; it would undo fp16's scaling only after clipping
        return torch.optim.AdamW(groups, lr=self.lr, betas=(0.9, 0.98), fused=fused)

    def on_train_start(self) -> None:
        """The deadline counts training only."""
        self.clock.restart(self.clock.before)

    def on_train_batch_start(self, batch: Batch, batch_idx: int) -> None:
        """Set the step's learning rate and its random state, both functions of the step, so that resuming repeats them."""
        step = self.trainer.global_step
        part = batch_idx % self.trainer.accumulate_grad_batches
        torch.manual_seed((self.seed * 1_000_003 + step) * 64 + self.global_rank + (part << 48))
        factor = self.schedule(step, self.clock.progress(step), self.warmup)
        for group in self.trainer.optimizers[0].param_groups:
            group["lr"] = self.lr * factor

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: float | None = None, gradient_clip_algorithm: str | None = None
    ):
        """By the norm of all gradients, of which a sharded model has only parts here.

        Lightning's own refuses fused optimizers under bf16 too, where no gradient is scaled.
        """
        strategy = self.trainer.strategy
        if not gradient_clip_val:
            return
        if isinstance(strategy, Sharded):
            strategy.clip(gradient_clip_val)
        else:
            self.trainer.precision_plugin.clip_grad_by_norm(optimizer, gradient_clip_val)

    def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
        """Mean loss of one batch."""
        losses = self.loss(self.model(batch), batch)
        reduced = isinstance(self.trainer.strategy, Reduced)  # the others go on without waiting for each other's figures
        self.log_dict({f"train/{k}": v for k, v in losses.scalars().items()}, prog_bar=False, sync_dist=reduced)
        return losses.total

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """The gold's nats of an action, and the share of questions whose every action comes out, given gold before it."""
        losses = self.loss(self.model(batch), batch)
        figures = {"validation/loss": losses.actions, "validation/exact": losses.exact}
        self.log_dict(figures, on_step=False, on_epoch=True, batch_size=len(batch))

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        """Stop at the deadline, saying so; all processes decide together."""
        if self.clock.minutes is None:
            return
        if self.trainer.strategy.reduce_boolean_decision(self.clock.overdue(), all=False) and not self.trainer.should_stop:
            self.trainer.should_stop = True
            if self.global_rank == 0:
                print(
                    f"deadline of {self.clock.minutes:g} minutes reached at step {self.trainer.global_step} of {self.clock.steps}",
                    flush=True,
                )

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the time used."""
        checkpoint["clock_seconds"] = self.clock.seconds

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Go on counting from the time used before."""
        self.clock.before = checkpoint.get("clock_seconds", 0.0)
