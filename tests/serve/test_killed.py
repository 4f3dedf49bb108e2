"""A server that is killed, at many points: what it has said is kept is there whole when it is started again, and nothing is there by half."""

import io
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import httpx
import pyarrow.parquet as pq
import pytest

from microgt.audit.events import Corrected
from microgt.audit.log import log_file
from tests.product.scripted import AMOUNT, ORDERS, by_region, make_shop

# As `microgt serve --ui`, but for the model, which is asked nothing: so it is up at once, also on a busy machine.
SERVER = """
import sys
from pathlib import Path
from microgt.serve.server import serve
from microgt.serve.service import Service
from microgt.serve.settings import Settings

class Model:
    beam, ranking = 1, None

    def threshold(self, schema, spec=None):
        return 0.0

    def graph(self, question, schema):
        return None

shop, folder = map(Path, sys.argv[1:])
settings = Settings(workers=1, products=folder / "products", uploads=folder / "uploads", ui=True)
serve(Service([shop], Model, settings), "127.0.0.1", 0)
"""
POINTS = 4  # from right after a reply to the end of a deploy, by the time that one took
SPEC = {**by_region(AMOUNT), "view": {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 1}}}
OLD = "by-region"  # deployed again each time


class Kept:
    """What the server has said is kept: questions that were corrected, and the version of each product."""

    def __init__(self):
        self.questions, self.products = [], {}

    def correct(self, client, question):
        client.post("/corrections", json={"question": question, "spec": by_region(ORDERS)}).raise_for_status()
        self.questions.append(question)

    def deploy(self, client, name):
        given = {"name": name, "spec": SPEC, "replace": True, "title": name}
        self.products[name] = client.post("/products", json=given).raise_for_status().json()["version"]


@contextmanager
def server(shop, folder):
    """The process and a client of it; the process is killed when the block ends."""
    log = folder / "log"
    with log.open("w") as file, subprocess.Popen([sys.executable, "-c", SERVER, shop, folder], stderr=file, env=os.environ) as process:
        try:
            end, found = monotonic() + 900, None
            while not found and monotonic() < end and process.poll() is None:
                sleep(0.1)
                found = re.search(r"running on (http://\S+)", log.read_text())
            assert found, log.read_text()
            with httpx.Client(base_url=found[1], timeout=900) as client:
                yield process, client
        finally:
            process.kill()


def until_killed(*jobs):
    """Run them one after the other, up to the one in which the server is killed."""
    try:
        for job in jobs:
            job()
    except httpx.TransportError:
        pass


def is_whole(client, name):
    """The version of the product: all that belongs to it can be read, and fits together."""
    shown = client.get(f"/products/{name}").raise_for_status().json()
    assert (shown["name"], shown["title"], shown["state"], shown["rows"]) == (name, name, "deployed", 2)
    assert shown["version"] == max(shown["versions"])
    assert shown["cells"] == [["south", 80.0], ["north", 20.0]]
    assert client.get(f"/products/{name}/chart").raise_for_status().json()["mark"]
    assert client.get(f"/products/{name}/page").raise_for_status().text.rstrip().endswith("</html>")
    data = client.get(f"/products/{name}/data").raise_for_status().content
    assert pq.read_table(io.BytesIO(data)).to_pydict()["sum_amount"] == [80.0, 20.0]
    return shown["version"]


@pytest.mark.slow
def test_nothing_that_was_acknowledged_is_lost(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "home"))
    shop = make_shop(tmp_path / "shop.duckdb")
    kept, seconds, cut = Kept(), 0.0, 0
    for point in range(POINTS):
        with server(shop, tmp_path) as (process, client):
            check(client, shop, kept)
            kept.correct(client, f"acknowledged {point}")
            begun = monotonic()
            kept.deploy(client, OLD)
            seconds = max(seconds, monotonic() - begun) if point else 0.0  # the first deploy also imports
            jobs = (
                lambda point=point: kept.deploy(client, OLD),
                lambda point=point: kept.deploy(client, f"new-{point}"),
                lambda point=point: kept.correct(client, f"in flight {point}"),
            )
            work = Thread(target=until_killed, args=jobs)
            work.start()
            sleep(seconds * 2 * point / (POINTS - 1))
            process.kill()
            work.join()
        cut += f"in flight {point}" not in kept.questions
    with server(shop, tmp_path) as (_, client):
        check(client, shop, kept)
        kept.deploy(client, OLD)
        check(client, shop, kept)
    assert cut  # at least once it was killed at work
    assert not list((tmp_path / "products" / OLD).glob(".writing-*"))  # what was begun is gone with the next deploy


def check(client, shop, kept):
    """All that was acknowledged is there; of what was on the way all or nothing."""
    listed = {one["name"] for one in client.get("/products").raise_for_status().json()}
    assert listed >= kept.products.keys()
    for name in listed:
        assert is_whole(client, name) >= kept.products.get(name, 1)
    events = [event for event in log_file(shop).events() if isinstance(event, Corrected)]
    assert {event.question for event in events} >= set(kept.questions)
    assert all(event.sql and event.rows == 2 and event.spec["query"]["outputs"] for event in events)
