"""Build objects from plain dictionaries: what Hydra's `instantiate` does, for checkpoints that are loaded without Hydra.

`{"_target_": "microgt.blocks.norm.RMSNorm", "dim": 192}` calls the class; `_partial_: true` gives a factory instead, so that what
repeats N times is built N times. Only names inside microgt and torch.nn can be built: a config file is data, not code. Code of one's own
is built where its package is named: `with trusting(["my_blocks"]): build(...)`.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from microgt.errors import ConfigError

_ALLOWED = ("microgt.", "torch.nn.")
_KEYS = ("_target_", "_partial_", "_convert_", "_recursive_")
_trusted: ContextVar[tuple[str, ...]] = ContextVar("trusted", default=())


@contextmanager
def trusting(packages: Sequence[str]) -> Iterator[None]:
    """Targets in these packages can be built as well, inside the block: the caller says that their code may run.

    They are looked for where Python looks, then in the current folder. Raises `ConfigError` for a package that is not there.
    """
    for name in packages:
        _find(name)
    token = _trusted.set((*_trusted.get(), *packages))
    try:
        yield
    finally:
        _trusted.reset(token)


def _find(package: str) -> None:
    if not all(part.isidentifier() for part in package.split(".")):
        raise ConfigError(f"packages: {package!r} is no name of a package, such as my_blocks")
    top = package.partition(".")[0]
    if top in sys.stdlib_module_names:
        raise ConfigError(f"packages: {package!r} is a part of Python, not code of your own")
    if importlib.util.find_spec(top) is None and os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
        importlib.invalidate_caches()
    if importlib.util.find_spec(top) is None:
        raise ConfigError(f"packages: no module {package!r} where Python looks, nor in the current folder")


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
    trusted = _trusted.get()
    allowed = (*_ALLOWED, *(f"{name}." for name in trusted))
    if not isinstance(path, str) or not path.startswith(allowed):
        raise _outside(path, allowed)
    module, _, name = path.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"_target_ {path!r} cannot be imported: {error}") from error
    home = str(getattr(found, "__module__", ""))
    if home not in trusted and not home.startswith(allowed):
        raise _outside(path, allowed)
    return found


def _outside(path: Any, allowed: Sequence[str]) -> ConfigError:
    package = str(path).partition(".")[0]
    where = f"outside {' and '.join(p + '*' for p in allowed)}"
    if not package.isidentifier() or package in ("microgt", "torch", *sys.stdlib_module_names):
        return ConfigError(f"_target_ {path!r} is {where}")
    how = f"packages=[{package}] in a configuration, allow=[{package!r}] for a checkpoint"
    return ConfigError(f"_target_ {path!r} is {where}; if it is code that you trust, name its package: {how}")
