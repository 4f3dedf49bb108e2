"""What a person gets: an answer with its spec, SQL, numbers and chart."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microgt.product.answered import Answered, ValueSource
    from microgt.product.asker import Asker

__all__ = ["Answered", "Asker", "ValueSource"]


def __getattr__(name: str) -> Any:
    """Imported when first asked for: `microgt evaluate` needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("microgt.product.asker" if name == "Asker" else "microgt.product.answered"), name)
