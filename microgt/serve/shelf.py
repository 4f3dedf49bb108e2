"""The products that one reader may see and change, by the owner and the access list of their manifests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from microgt.errors import did_you_mean
from microgt.products.store import Store
from microgt.serve.auth import WHO
from microgt.serve.problems import Refusal


@dataclass(frozen=True)
class Shelf:
    """who: the name of the reader's token; empty for who has started the server or has its one token: they may do everything."""

    store: Store
    who: str

    @classmethod
    def of(cls, store: Store, request: Request) -> Shelf:
        """For who sends a request."""
        return cls(store, request.scope.get(WHO, ""))

    def names(self) -> list[str]:
        """Of the products that are seen."""
        return [name for name in self.store.names() if self._sees(self.store.manifest(name))]

    def known(self, name: str) -> str:
        """The name, when there is such a product for this reader. Raises `Refusal`."""
        names = self.names()
        if name not in names:
            raise Refusal(
                404, "E_UNKNOWN_PRODUCT", f"no product is called {name!r}{did_you_mean(name, names)}", where="name", choices=names
            )
        return name

    def own(self, name: str) -> str:
        """The name, when this reader may change the product. Raises `Refusal`."""
        owner = self.store.manifest(self.known(name)).get("owner")
        if self.who and owner and owner != self.who:
            raise Refusal(403, "E_OWNER", f"{name} is owned by {owner}: only they may change it", where="name")
        return name

    def version(self, name: str, number: int | None) -> str:
        """The name, when there is such a version of it. Raises `Refusal`."""
        numbers = [known.number for known in self.store.record(self.known(name)).versions]
        if number is not None and number not in numbers:
            raise Refusal(404, "E_UNKNOWN_VERSION", f"{name} has no version {number}", where="version", choices=map(str, numbers))
        return name

    def _sees(self, manifest: dict[str, Any]) -> bool:
        access = manifest.get("access") or ()
        return not self.who or not access or self.who in access or self.who == manifest.get("owner")
