"""A run made again from its folder, as it was or with changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from microgt.config import check, compose
from microgt.errors import ConfigError, DataError
from microgt.training.record import RunRecord

_PLACES = ("name", "runs", "resume")


def again(folder: Path, overrides: Sequence[str] = ()) -> tuple[dict[str, Any], list[str]]:
    """The configuration of the run in `folder` with further overrides, and all overrides it comes from.

    The new run is `<name>-again` beside it unless `name=` or `runs=` say otherwise. Without other overrides the configuration is the one
    that was written down; with them it is composed anew, so that whatever depends on them follows. Raises `ConfigError`, `DataError`.
    """
    record, written = RunRecord.read(folder), _config(folder)
    places = {"name": f"{written['name']}-again", "runs": str(folder.parent), "resume": None}
    if all(key_of(o) in ("name", "runs") for o in overrides):
        config = {**written, **places, **{key_of(o): o.partition("=")[2] for o in overrides}}
        return check("train", config), list(record.overrides or ())
    if record.overrides is None:
        raise ConfigError(f"{folder} was not made by `microgt train`: it can be made again as it was, with another name=")
    given = {key_of(o) for o in overrides}
    kept = [o for o in record.overrides if key_of(o) not in {*given, *_PLACES}]
    config = compose("train", [*kept, *overrides])
    return {**config, **{key: value for key, value in places.items() if key not in given}}, [*kept, *overrides]


def drift(folder: Path) -> Iterator[str]:
    """A line for each value that the overrides of a run give otherwise today, because the files of configuration have changed."""
    overrides = RunRecord.read(folder).overrides
    if overrides is None:
        return
    try:
        now = _leaves(compose("train", [o for o in overrides if key_of(o) not in _PLACES]))
    except ConfigError as error:
        yield f"its overrides are no longer accepted: {error}"
        return
    then = _leaves(_config(folder))
    for key in sorted(then.keys() | now.keys()):
        if key not in _PLACES and then.get(key) != now.get(key):
            yield f"{key}: {now.get(key)}, was {then.get(key)}"


def key_of(override: str) -> str:
    """`+trainer.max_steps=3` -> `trainer.max_steps`."""
    return override.lstrip("+~").partition("=")[0]


def _config(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{folder} holds no run that can be made again: cannot read config.json: {error.strerror}") from None
    except ValueError:
        raise DataError(f"{folder / 'config.json'} is damaged: it should be the configuration of a run") from None


def _leaves(value: Any, place: str = "") -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        return {place: value}
    return {key: leaf for name, part in value.items() for key, leaf in _leaves(part, f"{place}.{name}" if place else name).items()}
