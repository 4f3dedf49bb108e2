"""W&B and TensorBoard, for real: a run writes them into its folder, offline, and their own readers find its figures there."""

import json
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from microgt.errors import MissingExtra
from microgt.training.loggers import tensorboard_logger, wandb_logger

STEPS = ("training.steps=2", "training.batch_size=2")


def one_step(losses, name: str, logger: str) -> dict[int, float]:
    return {step: float(loss) for step, loss in losses(name, *STEPS, f"logger={logger}").items()}


def wandb_records(folder: Path) -> Iterator[Any]:
    """The records of the file that an offline run leaves: a LevelDB log (blocks of 32 KiB, parts with checksum, length and type)."""
    from wandb.proto.wandb_internal_pb2 import Record

    (file,) = folder.glob("wandb/offline-run-*/*.wandb")
    data, place, parts = file.read_bytes(), 7, b""
    assert data.startswith(b":W&B")
    while place < len(data):
        if 32768 - place % 32768 < 7:  # no room for a part: the block's end is filled up
            place += 32768 - place % 32768
            continue
        _, length, kind = struct.unpack_from("<IHB", data, place)
        parts += data[place + 7 : place + 7 + length]
        place += 7 + length
        if kind in (1, 4):  # whole, or the last of several
            record = Record()
            record.ParseFromString(parts)
            yield record
            parts = b""


def all_wandb_records(folder: Path) -> list[Any]:
    """Those of a run that is finished: the last one tells its exit, which a busy machine writes a while after the run has ended."""
    found: list[Any] = []
    for _ in range(100):
        with suppress(struct.error):  # the file ends within a part
            found = list(wandb_records(folder))
        if any(record.WhichOneof("record_type") == "exit" for record in found):
            break
        sleep(0.3)
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of its own code
def test_wandb_offline(losses, tmp_path, monkeypatch):
    pytest.importorskip("wandb", reason="needs the extra wandb")
    for name in ("HOME", "WANDB_CONFIG_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("WANDB_API_KEY", "")
    monkeypatch.setenv("WANDB_SILENT", "true")
    found = one_step(losses, "tracked", "wandb")
    import wandb

    wandb.finish()
    config, history, name = {}, {}, ""
    for record in all_wandb_records(tmp_path / "runs" / "tracked"):
        name = record.run.display_name or name
        for update in (*record.run.config.update, *record.config.update):
            config[update.key or update.nested_key[0]] = json.loads(update.value_json)
        row = {item.key or item.nested_key[0]: json.loads(item.value_json) for item in record.history.item}
        if "train/loss" in row:
            history[row["trainer/global_step"]] = row["train/loss"]
    assert name == "tracked"
    assert config["training"]["batch_size"] == 2
    assert set(config["run"]["data"]) == {"train"}
    assert history == pytest.approx(found)


@pytest.mark.filterwarnings("default")
def test_tensorboard(losses, tmp_path):
    pytest.importorskip("tensorboard", reason="needs the extra tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = one_step(losses, "tracked", "tensorboard")
    events = EventAccumulator(str(tmp_path / "runs" / "tracked" / "tensorboard"))
    events.Reload()
    assert {event.step: event.value for event in events.Scalars("train/loss")} == pytest.approx(found)
    assert "batch_size: 2" in (tmp_path / "runs" / "tracked" / "tensorboard" / "hparams.yaml").read_text()


@pytest.mark.parametrize(("make", "extra"), [(wandb_logger, "wandb"), (tensorboard_logger, "tensorboard")])
def test_without_the_extra(tmp_path, monkeypatch, make, extra):
    monkeypatch.setattr("lightning.pytorch.loggers.wandb._WANDB_AVAILABLE", False)
    monkeypatch.setattr("lightning.fabric.loggers.tensorboard._TENSORBOARD_AVAILABLE", False)
    monkeypatch.setattr("lightning.fabric.loggers.tensorboard._TENSORBOARDX_AVAILABLE", False)
    with pytest.raises(MissingExtra, match=extra):
        make(tmp_path)
