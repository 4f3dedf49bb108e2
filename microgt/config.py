"""Configurations by Hydra, checked before any work: each `_target_` is bound to its signature, and all mistakes are told at once."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from microgt.build import locate, trusting
from microgt.errors import ConfigError, did_you_mean
from microgt.options import OPTIONS

_RESERVED = ("_target_", "_partial_", "_convert_", "_recursive_")
_SCALARS = (bool, int, float, str)


def config_folder() -> Path:
    """Where the configuration groups are: inside the installed package, or beside it in a source tree."""
    package = Path(__file__).resolve().parent
    return next(p for p in (package / "configs", package.parent / "configs") if p.is_dir())


def compose(name: str, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """The configuration `configs/<name>.yaml` with `key=value` overrides, resolved to plain dictionaries, lists and scalars.

    Groups are also looked for in the folders of an override `hydra.searchpath=[...]`, and targets in the packages that its key
    `packages` names.

    Raises `ConfigError`: an override that Hydra refuses, a value still to be given, or every mismatch between a `_target_`'s keys
    and its signature, a line each.
    """
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    with initialize_config_dir(str(config_folder()), version_base="1.3"):
        try:
            config = hydra_compose(name, list(overrides))
            missing = sorted(OmegaConf.missing_keys(config))
            if missing:
                raise ConfigError(";\n".join(map(_no_value, missing)))
            plain = OmegaConf.to_container(config, resolve=True)
        except OmegaConfBaseException as error:
            key = re.search(r"Missing mandatory value: (\S+)", str(error))
            raise ConfigError(_no_value(key[1]) if key else _one_line(str(error))) from error
        except (HydraException, ValueError) as error:  # a ValueError for a group's override that is no name
            folders = [config_folder(), *_own_folders(overrides)]
            raise ConfigError(_refusal(error, lambda: OmegaConf.to_container(hydra_compose(name)), folders)) from error
    return check(name, plain)


def check(name: str, plain: Any) -> dict[str, Any]:
    """A resolved configuration of `configs/<name>.yaml` with the types of `OPTIONS`. Raises `ConfigError` with all that does not fit."""
    checked, mistakes = _checked(name, plain)
    with trusting(checked.get("packages", ()) if not mistakes else ()):
        mistakes += find_mistakes(checked)
    if mistakes:
        raise ConfigError(";\n".join(mistakes))
    return checked


def search_in(folder: str | Path) -> str:
    """The override that makes `compose` look for groups in a folder of the user's too. Raises `ConfigError` when there is none."""
    path = Path(folder).resolve()
    if not path.is_dir():
        raise ConfigError(f"no folder {folder}: expected one of configuration groups, such as DIR/model/encoder/attention/mine.yaml")
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"hydra.searchpath=['{escaped}']"


def _own_folders(overrides: Sequence[str]) -> list[Path]:
    found = [re.match(r"hydra\.searchpath=\['(.*)'\]$", override) for override in overrides]
    return [Path(match[1]) for match in found if match]


def _checked(name: str, plain: Any) -> tuple[dict[str, Any], list[str]]:
    """The configuration with the types of `OPTIONS`, and a line for each value that does not fit."""
    try:
        return OPTIONS[name].model_validate(plain).model_dump(), []
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg'][0].lower()}{e['msg'][1:]}"
            + ("" if e["type"] == "missing" else f", not {e['input']!r}")
            for e in error.errors()
        ]
        return plain, lines


def find_mistakes(config: Any, place: str = "") -> Iterator[str]:
    """A line for each key that its `_target_` does not take, each one it misses, each scalar of another type."""
    if isinstance(config, list):
        for i, item in enumerate(config):
            yield from find_mistakes(item, f"{place}[{i}]")
    if not isinstance(config, dict):
        return
    if "_target_" in config:
        yield from _bind(config, place)
    for key, value in config.items():
        yield from find_mistakes(value, f"{place}.{key}" if place else str(key))


def _bind(config: dict[str, Any], place: str) -> Iterator[str]:
    name = config["_target_"].rpartition(".")[2]
    try:
        signature = inspect.signature(locate(config["_target_"]), eval_str=True)
    except ConfigError as error:
        yield f"{place}: {error}"
        return
    accepted = {n: p for n, p in signature.parameters.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    kinds = {p.kind for p in signature.parameters.values()}
    # `(*args, **kwargs)` is what a class without a constructor of its own shows: it takes nothing.
    takes_any = inspect.Parameter.VAR_KEYWORD in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds
    given = [key for key in config if key not in _RESERVED]
    for key in given:
        if key not in accepted:
            if not takes_any:
                near = did_you_mean(key, accepted) or "; it takes none"
                yield f"{place}.{key}: {name} has no argument {key!r}{near}"
        elif wanted := _wrong_type(config[key], accepted[key].annotation):
            yield f"{place}.{key}: {name} takes {wanted} here, not {config[key]!r}"
    needed = [n for n, p in accepted.items() if p.default is p.empty and n not in given]
    if needed and not config.get("_partial_"):
        yield f"{place}: {name} needs {', '.join(needed)}"


def _wrong_type(value: Any, annotation: Any) -> str | None:
    """What is wanted, when `value` is a scalar (or null) that a purely scalar annotation does not allow."""
    union = isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union
    wanted = typing.get_args(annotation) if union else (annotation,)
    if not set(wanted) <= {*_SCALARS, types.NoneType}:
        return None
    fits = type(value) in wanted or (value is None and types.NoneType in wanted) or (type(value) is int and float in wanted)
    return None if fits else " or ".join("null" if w is types.NoneType else getattr(w, "__name__", str(w)) for w in wanted)


def _no_value(key: str) -> str:
    return f"{key} has no value: give one with {key}=..."


def _refusal(error: Exception, known: Callable[[], Any], folders: Sequence[Path]) -> str:
    """Hydra's message in one line, with near names for keys and groups that do not exist.

    known: gives the configuration. folders: where groups are.
    """
    text = str(error)
    if override := getattr(error, "override", None):
        return f"{override!r} is not an override: expected key=value"
    if found := re.search(r"Could not override '([^']+)'", text):
        key = found[1].split("@")[0]
        if "/" in key or "defaults list" in text:
            return f"no configuration group {key!r}{did_you_mean(key, _groups(folders))}"
        keys = list(_keys(known()))
        beside = [k for k in keys if k.rpartition(".")[0] == key.rpartition(".")[0]]
        return f"no key {key!r}{did_you_mean(key, beside or keys)}"
    if found := re.search(r"Could not find '([^']+)'", text):
        group, _, option = found[1].rpartition("/")
        return f"no {option!r} in configuration group {group!r}{did_you_mean(option, _options(group, folders))}"
    return _one_line(text)


def _keys(config: Any, place: str = "") -> Iterator[str]:
    if isinstance(config, dict):
        for key, value in config.items():
            if key not in _RESERVED:
                yield f"{place}{key}"
                yield from _keys(value, f"{place}{key}.")


def _groups(folders: Sequence[Path]) -> list[str]:
    return [str(p.relative_to(folder)) for folder in folders for p in folder.rglob("*") if p.is_dir()]


def _options(group: str, folders: Sequence[Path]) -> list[str]:
    return [p.stem for folder in folders for p in (folder / group).glob("[!_]*.yaml")]  # a leading _: shared by the others


def _one_line(text: str) -> str:
    return ", ".join(line.strip().rstrip(":") for line in text.splitlines() if line.strip())
