"""The jobs of a sweep: every combination of the values that its overrides list, each with a folder named by its overrides."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microgt.config import compose, config_folder
from microgt.errors import ConfigError, DataError
from microgt.files import write_text

FILE = "sweep.json"
# What says where and how the jobs run, not what they are: it is in no job's name and has one value in a sweep.
_PLACES = ("name", "runs", "resume", "launcher", "hydra")
_LONGEST = 120


@dataclass(frozen=True)
class Job:
    """folder: its own, which holds everything that it leaves. config: composed, plain."""

    folder: Path
    overrides: tuple[str, ...]
    config: dict[str, Any]

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name


def jobs_of(overrides: Sequence[str]) -> list[Job]:
    """All jobs, composed and checked before any of them runs. Raises `ConfigError`."""
    combinations = expand(overrides)
    configs = [compose("train", combination) for combination in combinations]
    named = any(_key(o) == "name" for o in overrides)
    first = configs[0]
    folder = Path(first["runs"]) / (first["name"] if named else f"sweep-{first['name']}")
    return [_placed(combination, config, folder) for combination, config in zip(combinations, configs, strict=True)]


def job_of(overrides: Sequence[str], folder: Path) -> Job:
    """One job in a sweep's folder. Raises `ConfigError`."""
    return _placed(overrides, compose("train", overrides), folder)


def _placed(overrides: Sequence[str], config: dict[str, Any], folder: Path) -> Job:
    own = tuple(sorted(o for o in overrides if _key(o) not in _PLACES))
    place = folder / job_name(own)
    return Job(place, own, {**config, "runs": str(folder), "name": place.name, "resume": None})


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """One list of overrides for each combination of values, the last key changing fastest. Raises `ConfigError`."""
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import OverrideParseException

    with initialize_config_dir(str(config_folder()), version_base="1.3"):
        try:
            parser = OverridesParser.create(GlobalHydra.instance().config_loader())
            return [list(values) for values in itertools.product(*map(_values, parser.parse_overrides(list(overrides))))]
        except OverrideParseException as error:
            raise ConfigError(f"{error.override!r} is not an override: expected key=value or key=value,value") from error


def _values(override: Any) -> list[str]:
    """`key=value` for each value of an override."""
    if not override.is_sweep_override():
        return [override.input_line]
    key = override.get_key_element()
    if key.split(".")[0] in _PLACES:
        raise ConfigError(f"{override.input_line}: all jobs of a sweep have one {key}")
    if not override.is_discrete_sweep():
        raise ConfigError(f"{override.input_line}: an interval has no values to list; `microgt search` draws from it")
    return [f"{key}={value}" for value in override.sweep_string_iterator()]


def job_name(overrides: Sequence[str]) -> str:
    """The overrides as the name of a folder, `ablation-none+seed-0`, of characters that may stand in an override without quotes.

    Cut, with a hash of all of them, where they are long or hold anything else.
    """
    text = "+".join(o.replace("=", "-", 1) for o in overrides) or "defaults"
    name = re.sub(r"[^\w.+-]+", "_", text)[:_LONGEST]
    return name if name == text else f"{name}-{hashlib.sha256(','.join(overrides).encode()).hexdigest()[:8]}"


def told_apart(jobs: Sequence[Sequence[str]]) -> list[str]:
    """Each job's overrides that not all jobs have, as its short name; the first one where they share all."""
    counts = Counter(override for overrides in jobs for override in overrides)
    return [",".join(o for o in own if counts[o] < len(jobs)) or ",".join(own[:1]) or "defaults" for own in jobs]


def _key(override: str) -> str:
    return override.lstrip("+~").partition("=")[0].split(".")[0]


def remember(jobs: Sequence[Job]) -> None:
    """Add the jobs to the list in the sweep's folder, for those who look at it later."""
    folder = jobs[0].folder.parent
    known = recorded(folder) if (folder / FILE).is_file() else {}
    known |= {job.name: job.overrides for job in jobs}
    write_text(folder / FILE, json.dumps({"jobs": known}, indent=1) + "\n")


def recorded(folder: Path) -> dict[str, tuple[str, ...]]:
    """The jobs of a sweep's folder: name -> overrides. Raises `DataError` when it is none."""
    try:
        jobs = json.loads((folder / FILE).read_text(encoding="utf-8"))["jobs"]
        return {name: tuple(overrides) for name, overrides in jobs.items()}
    except OSError:
        raise DataError(f"{folder} is no sweep: it has no {FILE}; `microgt train -m` makes one") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(f"{folder / FILE} is damaged: it should list the jobs of a sweep") from None
