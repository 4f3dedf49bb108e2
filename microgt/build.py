"""Build objects from plain dictionaries: what Hydra's `instantiate` does, for checkpoints that are loaded without Hydra.

`{"_target_": "microgt.blocks.norm.RMSNorm", "dim": 192}` calls the class; `_partial_: true` gives a factory instead, so that what
repeats N times is built N times. Only names inside microgt and torch.nn can be built: a config file is data, not code.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

from microgt.errors import ConfigError

_ALLOWED = ("microgt.", "torch.nn.")
_KEYS = ("_target_", "_partial_", "_convert_", "_recursive_")


def build(config: Any) -> Any:
    """The object that `config` describes; dictionaries without `_target_` and lists are built item by item.

    Raises `ConfigError` when a target is outside the allowed packages, does not exist, or refuses its arguments.
    """
    if isinstance(config, list | tuple):
        return [build(item) for item in config]
    if not isinstance(config, dict):
        return config
    if "_target_" not in config:
        return {key: build(value) for key, value in config.items()}
    target = locate(config["_target_"])
    arguments = {key: build(value) for key, value in config.items() if key not in _KEYS}
    if config.get("_partial_"):
        return functools.partial(target, **arguments)
    try:
        return target(**arguments)
    except TypeError as error:
        raise ConfigError(f"{config['_target_']}: {error}") from error


def locate(path: str) -> Any:
    """The class or function of a dotted path."""
    if not path.startswith(_ALLOWED):
        raise ConfigError(f"_target_ {path!r} is outside {' and '.join(p + '*' for p in _ALLOWED)}")
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"_target_ {path!r} cannot be imported: {error}") from error
