"""A product in one line: what lists of products say of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from microgt.audit.log import log_file
from microgt.audit.minutes import minutes_to_deployed
from microgt.errors import DataError
from microgt.products.manifest import score
from microgt.products.store import PAGE, Store
from microgt.products.uses import uses_of


def told(store: Store, name: str, number: int | None = None) -> dict[str, Any]:
    """A version of it: by default what is deployed, else the newest. page: the path, when it has one. Raises `DataError`."""
    try:
        return _told(store, name, number)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"the manifest of {name} cannot be read: {error!r}") from None


def told_of(store: Store, names: Iterable[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Each of the products that can be read; and why others cannot."""
    found, faults = [], []
    for name in names:
        try:
            found.append(told(store, name))
        except DataError as error:
            faults.append(f"{name} is left out: {error}")
    return found, faults


def _told(store: Store, name: str, number: int | None) -> dict[str, Any]:
    record, manifest = store.record(name), store.manifest(name, number)
    page = store.version(name, number) / PAGE
    return {
        "name": name,
        "state": record.state,
        "version": manifest["version"],
        "versions": [version.number for version in record.versions],
        "title": manifest["title"],
        "owner": manifest["owner"],
        "score": score(manifest["value"]),
        "rows": manifest.get("rows"),
        "tables": manifest["lineage"]["tables"],
        "made": manifest["made"]["at"],
        "page": str(page) if page.exists() else None,
        "uses": uses_of(store, name),
        "minutes": minutes_to_deployed(log_file(manifest["source"]["path"]).events(), name, str(store.folder.resolve())),
        "events": list(record.events),
    }


def by_value(products: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The most valuable first; those of no known value last."""
    return sorted(products, key=lambda product: -(product["score"] if product["score"] is not None else float("-inf")))
