"""What repeats N times is built N times, so that layers share no parameters."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from torch import nn

Factory = Callable[[], nn.Module]


def make(factory: Callable[[], Any]) -> Any:
    """Call a factory whose keyword arguments may be factories in turn (`functools.partial` all the way down).

    Raises `ValueError` when an argument is a module that was already built: all that the factory makes would share its parameters.
    """
    if isinstance(factory, nn.Module):
        raise ValueError(f"a built {type(factory).__name__} would be shared by all layers; give a factory (_partial_: true)")
    if not isinstance(factory, functools.partial):
        return factory()
    built = {}
    for name, value in factory.keywords.items():
        if isinstance(value, nn.Module):
            owner = getattr(factory.func, "__name__", factory.func)
            raise ValueError(f"{name} of {owner} is built already and would be shared by all layers; give a factory (_partial_: true)")
        built[name] = make(value) if isinstance(value, functools.partial) else value
    return factory.func(*factory.args, **built)
