"""A server on a free port, asked by real HTTP calls."""

import threading
from contextlib import contextmanager
from time import monotonic, sleep

import httpx
import pytest
import uvicorn

from microgt.serve.app import create_app
from tests.product.scripted import make_shop


@pytest.fixture(scope="package", autouse=True)
def own_cache(tmp_path_factory):
    """No test reads schemas that another run has stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(scope="package")
def shop(tmp_path_factory):
    """The path of the shop."""
    return make_shop(tmp_path_factory.mktemp("shop") / "shop.duckdb")


class Client(httpx.Client):
    """A client that knows its server."""

    server: uvicorn.Server


@contextmanager
def started(service, **more):
    """A client of a server that serves `service`, and stops when the block ends."""
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_level="warning", **more))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        end = monotonic() + 300
        while not server.started and thread.is_alive() and monotonic() < end:
            sleep(0.01)
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        with Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
            client.server = server
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def serve():
    """`with serve(service) as client`."""
    return started
