"""Products: lists of them, their pages and data; deploying, refreshing, rolling back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from microgt.errors import SpecError
from microgt.products.deploy import Kept as KeptVersion
from microgt.products.deploy import again, deploy
from microgt.products.make import CHART, DATA, Plan
from microgt.products.store import DEPLOYED, PAGE, Store
from microgt.products.told import by_value, told, told_of
from microgt.products.uses import VIEW, note_use
from microgt.serve.problems import PROBLEMS, Refusal, placed_below
from microgt.serve.product_detail import detail
from microgt.serve.product_models import DescribedIn, Kept, ProductDetail, ProductOut, ProductToDeploy, Rollback, Thumb
from microgt.serve.service import BUILD_SECONDS, Service
from microgt.serve.shelf import Shelf

_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
_LOG = logging.getLogger(__name__)
PARQUET = "application/vnd.apache.parquet"
VERSION = Annotated[int | None, Query(ge=1, le=10**9, description="by default the one that is deployed, else the newest")]
T = TypeVar("T")


def product_routes(service: Service, store: Store) -> APIRouter:
    """`/products` and what is below it."""
    routes = APIRouter(tags=["products"], responses=PROBLEMS, prefix="/products")

    async def build(job: Callable[[], T]) -> T:
        return await service.builds.do(lambda desk: job(), BUILD_SECONDS)

    @routes.get("")
    def products(request: Request, by: Literal["name", "value"] = "name") -> list[ProductOut]:
        """The products there are for who asks."""
        read, faults = told_of(store, Shelf.of(store, request).names())
        for fault in faults:
            _LOG.warning("%s", fault)
        found = [_addressed(one) for one in read]
        return [ProductOut.model_validate(one) for one in (by_value(found) if by == "value" else found)]

    @routes.post("", status_code=201)
    async def keep(request: Request, given: ProductToDeploy) -> Kept:
        """Keep a spec as a product: run it, check what it promises, write its data and page. It is complete, or nothing has changed."""
        _, path = service.databases.find(given.db)
        shelf = Shelf.of(store, request)
        described = replace(given.described, owner=given.owner or shelf.who)
        plan = Plan(given.name, path.resolve(), given.spec, described, checks=tuple(given.checks), as_of=given.as_of)

        def job() -> KeptVersion:
            if given.name in store.names():
                if not given.replace:
                    message = f"there is a product {given.name!r}: replace it (its versions are kept), or choose another name"
                    raise Refusal(409, "E_EXISTS", message, where="/name")
                shelf.own(given.name)
            return deploy(store, plan, given.state, by=shelf.who, anew=given.drop_checks)

        try:
            return _kept(given.name, given.state, await build(job))
        except SpecError as error:
            raise placed_below("/spec", error) from None

    @routes.get("/{name}")
    def product(request: Request, name: str, version: VERSION = None) -> ProductDetail:
        """One product with what it shows and promises. That it was looked at is counted."""
        shelf = Shelf.of(store, request)
        note_use(store, shelf.version(name, version), VIEW, shelf.who)
        return ProductDetail.model_validate(_addressed(detail(store, name, version, service.databases)))

    @routes.post("/{name}/thumb")
    def thumb(request: Request, name: str, given: Thumb) -> ProductOut:
        """What a reader thinks of it."""
        shelf = Shelf.of(store, request)
        note_use(store, shelf.known(name), given.thumb, shelf.who)
        return _told(name)

    @routes.post("/{name}/refresh")
    async def refresh(request: Request, name: str, described: DescribedIn | None = None) -> Kept:
        """Run the product's spec on its data as they are now; 409 when they break what it promises, and the version before stays."""
        shelf = Shelf.of(store, request)
        found = await build(lambda: again(store, shelf.own(name), (described or DescribedIn()).described, by=shelf.who))
        return _kept(name, DEPLOYED, found)

    @routes.post("/{name}/rollback")
    def rollback(request: Request, name: str, given: Rollback | None = None) -> ProductOut:
        """Deploy an earlier version again."""
        Shelf.of(store, request).rollback(name, given.to if given else None)
        return _told(name)

    @routes.post("/{name}/retire")
    def retire(request: Request, name: str) -> ProductOut:
        """Deploy it no more. Its versions are kept."""
        shelf = Shelf.of(store, request)
        store.retire(shelf.own(name), shelf.who)
        return _told(name)

    @routes.get("/{name}/chart", responses={200: {"content": {"application/json": {}}}})
    def chart(request: Request, name: str, version: VERSION = None) -> Response:
        """Its chart, as Vega-Lite."""
        return FileResponse(_file(Shelf.of(store, request), name, version, CHART), media_type="application/json")

    @routes.get("/{name}/page", responses={200: {"content": {"text/html": {}}}})
    def page(request: Request, name: str, version: VERSION = None) -> Response:
        """Its page, which fetches nothing and runs no script. That it was looked at is counted."""
        shelf = Shelf.of(store, request)
        file = _file(shelf, name, version, PAGE)
        note_use(store, name, VIEW, shelf.who)
        return HTMLResponse(file.read_text(encoding="utf-8"), headers=_PAGE_HEADERS)

    @routes.get("/{name}/data", responses={200: {"content": {PARQUET: {}}}})
    def data(request: Request, name: str, version: VERSION = None) -> Response:
        """All its rows, as Parquet."""
        return FileResponse(_file(Shelf.of(store, request), name, version, DATA), media_type=PARQUET, filename=f"{name}.parquet")

    def _told(name: str) -> ProductOut:
        return ProductOut.model_validate(_addressed(told(store, name)))

    return routes


def _file(shelf: Shelf, name: str, version: int | None, file: str) -> Path:
    path = shelf.store.version(shelf.version(name, version), version) / file
    if not path.exists():
        raise Refusal(
            404, "E_NOT_FOUND", f"this version of {name} has no {file}: it was never run, has no rows, or shows no chart", where="version"
        )
    return path


def _addressed(said: dict[str, Any]) -> dict[str, Any]:
    """With an address for the path of the page."""
    return {**said, "page": _address(said["name"]) if said["page"] else None}


def _address(name: str) -> str:
    return f"/products/{name}/page"


def _kept(name: str, state: Literal["draft", "prototype", "deployed"], kept: KeptVersion) -> Kept:
    page = _address(name) if (kept.folder / PAGE).exists() else None
    return Kept(name=name, version=kept.number, state=state, page=page, broken=list(kept.broken), lost=list(kept.lost))
