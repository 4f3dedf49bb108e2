"""What people say of a product: whose it is, what it is for, what it is worth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any

from microgt.errors import ConfigError, did_you_mean

CANVAS = ("decision", "user", "action", "cadence")
EVERYONE = "everyone"  # in an access list: there is none
VALUE = ("driver", "estimate", "confidence", "effort_days", "score")
_NUMBERS = ("confidence", "effort_days", "score")


@dataclass(frozen=True)
class Described:
    """canvas: the decision that it serves, its user, the action taken, how often. value: what drives it, the estimate (a number where it
    can be), the confidence in that (0 to 1), days of effort, and a score. access: who may see it; nobody named, or everyone: everybody."""

    title: str = ""
    owner: str = ""
    access: tuple[str, ...] = ()
    canvas: Mapping[str, str] = field(default_factory=dict)
    value: Mapping[str, Any] = field(default_factory=dict)

    def over(self, before: Described) -> Described:
        """This, and for what it does not say what was said before."""
        return Described(
            self.title or before.title,
            self.owner or before.owner,
            self.access or before.access,
            {**before.canvas, **self.canvas},
            {**before.value, **self.value},
        )

    def to_json(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        return json.loads(json.dumps(asdict(self) | {"access": () if EVERYONE in self.access else self.access}))

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Described:
        """Of a version."""
        said = {name: manifest.get(name) for name in ("title", "owner", "canvas", "value")}
        return cls(access=tuple(manifest.get("access") or ()), **{name: value for name, value in said.items() if value})


def pairs(given: Iterable[str], names: tuple[str, ...], option: str) -> dict[str, Any]:
    """`key=text` of an option; numbers where they must be. Raises `ConfigError`."""
    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in names:
            raise ConfigError(f"{option} {text!r}: expected KEY=TEXT{did_you_mean(name, names)}; keys: {', '.join(names)}")
        found[name] = _number(value, f"{option} {name}") if name in _NUMBERS else value
    return found


def _number(text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(f"{what} is a number, not {text!r}") from None


def score(value: Mapping[str, Any]) -> float | None:
    """By which products are ranked: the score that was given, else estimate x confidence / effort where the estimate is a number."""
    if value.get("score") is not None:
        return float(value["score"])
    try:
        found = float(value["estimate"]) * value.get("confidence", 1.0) / max(value.get("effort_days", 1.0), 1e-9)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return found if isfinite(found) else None
