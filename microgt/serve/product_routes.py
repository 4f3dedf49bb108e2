"""Products: lists of them, their pages and data; deploying, refreshing, rolling back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse, Response

from microgt.errors import SpecError, did_you_mean
from microgt.products.deploy import Kept as KeptVersion
from microgt.products.deploy import again, deploy
from microgt.products.make import DATA, Plan
from microgt.products.store import DEPLOYED, PAGE, Store
from microgt.products.told import by_value, told
from microgt.serve.problems import PROBLEMS, Refusal, placed_below
from microgt.serve.product_detail import detail
from microgt.serve.product_models import DescribedIn, Kept, ProductDetail, ProductOut, ProductToDeploy, Rollback
from microgt.serve.service import BUILD_SECONDS, Service

_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
PARQUET = "application/vnd.apache.parquet"
VERSION = Annotated[int | None, Query(ge=1, le=10**9, description="by default the one that is deployed, else the newest")]
T = TypeVar("T")


def product_routes(service: Service, store: Store) -> APIRouter:
    """`/products` and what is below it."""
    routes = APIRouter(tags=["products"], responses=PROBLEMS, prefix="/products")

    async def build(job: Callable[[], T]) -> T:
        return await service.builds.do(lambda desk: job(), BUILD_SECONDS)

    @routes.get("")
    def products(by: Literal["name", "value"] = "name") -> list[ProductOut]:
        """The products there are."""
        found = [_addressed(told(store, name)) for name in store.names()]
        return [ProductOut.model_validate(one) for one in (by_value(found) if by == "value" else found)]

    @routes.post("", status_code=201)
    async def keep(given: ProductToDeploy) -> Kept:
        """Keep a spec as a product: run it, check what it promises, write its data and page. It is complete, or nothing has changed."""
        _, path = service.databases.find(given.db)
        plan = Plan(given.name, path.resolve(), given.spec, given.described, checks=tuple(given.checks), as_of=given.as_of)

        def job() -> KeptVersion:
            if given.name in store.names() and not given.replace:
                message = f"there is a product {given.name!r}: replace it (its versions are kept), or choose another name"
                raise Refusal(409, "E_EXISTS", message, where="/name")
            return deploy(store, plan, given.state)

        try:
            return _kept(given.name, given.state, await build(job))
        except SpecError as error:
            raise placed_below("/spec", error) from None

    @routes.get("/{name}")
    def product(name: str, version: VERSION = None) -> ProductDetail:
        """One product with what it shows and promises."""
        return ProductDetail.model_validate(_addressed(detail(store, _version(store, name, version), version, service.databases)))

    @routes.post("/{name}/refresh")
    async def refresh(name: str, described: DescribedIn | None = None) -> Kept:
        """Run the product's spec on its data as they are now; 409 when they break what it promises, and the version before stays."""
        found = await build(lambda: again(store, _known(store, name), (described or DescribedIn()).described))
        return _kept(name, DEPLOYED, found)

    @routes.post("/{name}/rollback")
    async def rollback(name: str, given: Rollback | None = None) -> ProductOut:
        """Deploy an earlier version again."""
        await build(lambda: store.rollback(_known(store, name), given.to if given else None))
        return ProductOut.model_validate(_addressed(told(store, name)))

    @routes.post("/{name}/retire")
    async def retire(name: str) -> ProductOut:
        """Deploy it no more. Its versions are kept."""
        await build(lambda: store.retire(_known(store, name)))
        return ProductOut.model_validate(_addressed(told(store, name)))

    @routes.get("/{name}/page", responses={200: {"content": {"text/html": {}}}})
    def page(name: str, version: VERSION = None) -> Response:
        """Its page, which fetches nothing and runs no script."""
        return HTMLResponse(_file(store, name, version, PAGE).read_text(encoding="utf-8"), headers=_PAGE_HEADERS)

    @routes.get("/{name}/data", responses={200: {"content": {PARQUET: {}}}})
    def data(name: str, version: VERSION = None) -> Response:
        """All its rows, as Parquet."""
        file = _file(store, name, version, DATA)
        return FileResponse(file, media_type=PARQUET, filename=f"{name}.parquet")

    return routes


def _known(store: Store, name: str) -> str:
    names = store.names()
    if name not in names:
        raise Refusal(404, "E_UNKNOWN_PRODUCT", f"no product is called {name!r}{did_you_mean(name, names)}", where="name", choices=names)
    return name


def _version(store: Store, name: str, version: int | None) -> str:
    """The name, when there is such a version of it."""
    numbers = [known.number for known in store.record(_known(store, name)).versions]
    if version is not None and version not in numbers:
        raise Refusal(404, "E_UNKNOWN_VERSION", f"{name} has no version {version}", where="version", choices=map(str, numbers))
    return name


def _file(store: Store, name: str, version: int | None, file: str) -> Path:
    path = store.version(_version(store, name, version), version) / file
    if not path.exists():
        raise Refusal(404, "E_NOT_FOUND", f"this version of {name} was never run", where="version")
    return path


def _addressed(said: dict[str, Any]) -> dict[str, Any]:
    """With an address for the path of the page."""
    return {**said, "page": _address(said["name"]) if said["page"] else None}


def _address(name: str) -> str:
    return f"/products/{name}/page"


def _kept(name: str, state: Literal["draft", "prototype", "deployed"], kept: KeptVersion) -> Kept:
    page = _address(name) if (kept.folder / PAGE).exists() else None
    return Kept(name=name, version=kept.number, state=state, page=page, broken=list(kept.broken))
