"""Figures: those of a continued run are kept; W&B gets the run's folder and stays offline without a key."""

import lightning.pytorch.loggers
import pytest

from microgt.build import build
from microgt.config import compose
from microgt.training.loggers import csv_logger


@pytest.mark.filterwarnings("ignore:Experiment logs directory")
def test_figures_of_an_earlier_part_are_kept(tmp_path):
    for step in range(3):
        logger = csv_logger(tmp_path / "run")
        logger.log_metrics({"loss": 1.0}, step)
        logger.save()
    kept = {file.name: file.read_text().splitlines()[1] for file in (tmp_path / "run" / "csv").glob("metrics*.csv")}
    assert kept == {"metrics-1.csv": "1.0,0", "metrics-2.csv": "1.0,1", "metrics.csv": "1.0,2"}


@pytest.mark.parametrize(("key", "offline"), [("", True), ("secret", False)])
def test_wandb_writes_into_the_run(tmp_path, monkeypatch, key, offline):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_API_KEY", key)
    monkeypatch.setattr(lightning.pytorch.loggers, "WandbLogger", lambda **options: options)
    made = build(compose("train", ["logger=wandb"])["logger"]["wandb"])(tmp_path / "first")
    assert made == {"project": "microgt", "name": "first", "save_dir": str(tmp_path / "first"), "offline": offline}
