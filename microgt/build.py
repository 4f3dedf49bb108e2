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


def build(config: Any, kind: type | None = None) -> Any:
    """The object that `config` describes; dictionaries without `_target_` and lists are built item by item.

    kind: what every target must be a subclass of; None allows any function or class.
    Raises `ConfigError` when a target is outside the allowed packages, does not exist, is of another kind or refuses its arguments.
    """
    if isinstance(config, list | tuple):
        return [build(item, kind) for item in config]
    if not isinstance(config, dict):
        return config
    if "_target_" not in config:
        return {key: build(value, kind) for key, value in config.items()}
    target = locate(config["_target_"])
    if kind is not None and not (isinstance(target, type) and issubclass(target, kind)):
        raise ConfigError(f"_target_ {config['_target_']!r} is no {kind.__name__}")
    arguments = {key: build(value, kind) for key, value in config.items() if key not in _KEYS}
    if config.get("_partial_"):
        return functools.partial(target, **arguments)
    try:
        return target(**arguments)
    except TypeError as error:
        raise ConfigError(f"{config['_target_']}: {error}") from error


def locate(path: str) -> Any:
    """The class or function of a dotted path. What a module of microgt only imports from elsewhere is outside too."""
    outside = ConfigError(f"_target_ {path!r} is outside {' and '.join(p + '*' for p in _ALLOWED)}")
    if not isinstance(path, str) or not path.startswith(_ALLOWED):
        raise outside
    module, _, name = path.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"_target_ {path!r} cannot be imported: {error}") from error
    if not str(getattr(found, "__module__", "")).startswith(_ALLOWED):
        raise outside
    return found
