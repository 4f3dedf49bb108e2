"""What a run was made of, `run.json` in its folder: with `config.json` beside it, enough to make it again and to see what has changed."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Literal, Self

import torch
from pydantic import ValidationError

import microgt
from microgt.commit import git_hash
from microgt.errors import DataError
from microgt.evaluation.results import Record
from microgt.files import write_text

FILE = "run.json"
# Those that the figures of a training run depend on.
_WEIGHTY = ("datasets", "duckdb", "lightning", "numpy", "pydantic", "sqlglot", "tokenizers", "torch", "triton")
_VARIABLES = ("CUDA_VISIBLE_DEVICES", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONHASHSEED", "TRITON_INTERPRET", "WORLD_SIZE")


class RunRecord(Record):
    """overrides: of `configs/train.yaml`; None when the run was composed otherwise. packages: all that were installed.

    data: split -> fingerprint of its questions, golds and schemas. environment: Python, the machine and the variables that matter.
    """

    format: Literal[1] = 1
    overrides: tuple[str, ...] | None
    microgt: str
    git: str | None
    packages: dict[str, str]
    data: dict[str, str]
    environment: dict[str, str]

    @classmethod
    def of_now(cls, *, overrides: Sequence[str] | None, data: Mapping[str, str]) -> Self:
        """What a run that starts now is made of."""
        return cls(
            overrides=None if overrides is None else tuple(overrides),
            microgt=microgt.__version__,
            git=git_hash(),
            packages=dict(sorted({d.metadata["Name"].lower(): d.version for d in distributions()}.items())),
            data=dict(data),
            environment=_environment(),
        )

    def write(self, folder: Path) -> Path:
        """Write the file into the run's folder."""
        return write_text(folder / FILE, self.model_dump_json(indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the file of a run's folder. Raises `DataError` when there is none or it is of another format."""
        try:
            return cls.model_validate_json((folder / FILE).read_bytes())
        except OSError as error:
            raise DataError(f"{folder} holds no run that can be made again: cannot read {FILE}: {error.strerror}") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise DataError(f"{folder / FILE} is no record of this version: {'/'.join(map(str, first['loc']))}: {first['msg']}") from None

    def changes(self, since: RunRecord) -> Iterator[str]:
        """A line for each difference that may change figures: `torch: 2.13.0, was 2.12.0`."""
        for name in ("microgt", "git"):
            yield from _change(name, getattr(self, name), getattr(since, name))
        for name in _WEIGHTY:
            yield from _change(name, self.packages.get(name), since.packages.get(name))
        for name in sorted({*self.environment, *since.environment}):
            yield from _change(name, self.environment.get(name), since.environment.get(name))
        for split in sorted(self.data.keys() & since.data.keys()):
            yield from _change(f"questions of {split}", self.data[split], since.data[split])


def _change(name: str, now: str | None, then: str | None) -> Iterator[str]:
    if now != then:
        yield f"{name}: {now or 'none'}, was {then or 'none'}"


def _environment() -> dict[str, str]:
    devices = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    machine = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": torch.backends.cpu.get_cpu_capability(),
        "GPUs": ", ".join(devices),
    }
    return {key: value for key, value in {**machine, **{name: os.environ.get(name, "") for name in _VARIABLES}}.items() if value}
