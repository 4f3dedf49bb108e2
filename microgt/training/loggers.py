"""Where figures go: a CSV file always, Weights & Biases and TensorBoard when asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lightning.pytorch import loggers

from microgt.errors import MissingExtra


def csv_logger(folder: Path) -> loggers.CSVLogger:
    """Figures of each logged step in `folder/csv/metrics.csv`; those of a run that is continued move to `metrics-1.csv` and so on."""
    earlier = folder / "csv" / "metrics.csv"
    if earlier.is_file():
        parts = len(list(earlier.parent.glob("metrics-*.csv")))
        earlier.rename(earlier.with_name(f"metrics-{parts + 1}.csv"))
    return loggers.CSVLogger(save_dir=str(folder), name="csv", version="")


def wandb_logger(folder: Path, project: str = "microgt", **options: Any) -> loggers.WandbLogger:
    """A W&B logger that names the run after its folder and writes into it; offline unless a key is in WANDB_API_KEY or the machine
    is logged in. Raises `MissingExtra`.
    """
    signed_in = bool(os.environ.get("WANDB_API_KEY")) or (Path.home() / ".netrc").is_file()
    try:
        return loggers.WandbLogger(project=project, name=folder.name, save_dir=str(folder), offline=not signed_in, **options)
    except ModuleNotFoundError:
        raise MissingExtra("logger=wandb", "wandb") from None


def tensorboard_logger(folder: Path, **options: Any) -> loggers.TensorBoardLogger:
    """A TensorBoard logger that writes into `folder/tensorboard`. Raises `MissingExtra`."""
    try:
        return loggers.TensorBoardLogger(str(folder), name="tensorboard", version="", default_hp_metric=False, **options)
    except ModuleNotFoundError:
        raise MissingExtra("logger=tensorboard", "tensorboard") from None
