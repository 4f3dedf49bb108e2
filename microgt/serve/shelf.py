"""The products that one reader may see and change, by the owner and the access list of their manifests."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.requests import Request

from microgt.errors import DataError, did_you_mean
from microgt.products.store import Store
from microgt.serve.auth import WHO
from microgt.serve.problems import Refusal

_LOG = logging.getLogger(__name__)


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
        """Of the products that are seen. One that cannot be read is left out, and the log says why."""
        return [name for name in self.store.names() if self._sees(name)]

    def known(self, name: str) -> str:
        """The name, when there is such a product for this reader. Raises `Refusal`."""
        if name not in self.store.names() or not self._may_see(name):
            names = self.names()
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
        """The name, when there is such a version of it for this reader: the list of what is deployed holds, and that of the version.
        Raises `Refusal`."""
        numbers = [known.number for known in self.store.record(self.known(name)).versions]
        if number is not None and not (number in numbers and self._may_see(name, number)):
            choices = [str(known) for known in numbers if self._may_see(name, known)]
            raise Refusal(404, "E_UNKNOWN_VERSION", f"{name} has no version {number}", where="version", choices=choices)
        return name

    def rollback(self, name: str, to: int | None) -> None:
        """Deploy an earlier version again, by default the one before, when this reader may change the product and see that version.
        Raises `Refusal`, and `ConfigError` when there is no such one."""
        record = self.store.record(self.own(name))
        number = record.before if to is None else to
        if number in [known.number for known in record.versions]:
            self.version(name, number)
        self.store.rollback(name, number, self.who)

    def _may_see(self, name: str, number: int | None = None) -> bool:
        """Who may do everything is told what is wrong with a product that cannot be read."""
        return not self.who or self._sees(name, number)

    def _sees(self, name: str, number: int | None = None) -> bool:
        try:
            manifest = self.store.manifest(name, number)
        except DataError as error:
            _LOG.warning("product %s is left out: %s", name, error)
            return False
        access = manifest.get("access") or ()
        return not self.who or not access or self.who in access or self.who == manifest.get("owner")
