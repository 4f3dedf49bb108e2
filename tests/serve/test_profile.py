"""What a database can and cannot bear, over HTTP."""

import multiprocessing.pool
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from microgt.errors import QueryTimeout
from microgt.serve import profile_routes, profiler
from microgt.serve.profile_routes import ProfileOut
from microgt.serve.service import PROFILE_SECONDS, Service
from microgt.serve.settings import Settings
from tests.serve import endless
from tests.serve.scripted import Model


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("region,amount,size\n" + "north,20,12\nsouth,30,L\n" * 4)
    return path


def profile(client):
    answer = client.get("/profile")
    assert answer.status_code == 200, answer.text
    return ProfileOut.model_validate(answer.json())


def test_a_profile_says_what_the_data_bear_and_follows_them(serve, sales):
    with serve(Service([sales], Model, Settings(workers=1))) as client:
        found = profile(client)
        (table,) = found.tables
        assert (found.db, table.name, table.rows, table.columns) == ("sales", "sales", 8, 3)
        assert "totals and averages of amount" in table.bears
        assert "no trend, no forecast, nothing about last year: there is no column of dates" in table.lacks
        assert "duplicate rows: 6" in table.about
        assert profile(client) == found
        sales.write_text("region,amount\nnorth,20\nsouth,80\n")
        assert profile(client).tables[0].rows == 2
        assert client.get("/profile?db=gone").status_code == 404


def test_a_profile_keeps_nobody_from_sending_files(serve, sales, tmp_path, monkeypatch):
    begun, sent, limits, make = Event(), Event(), [], profiler.profile_within

    def slow(path, seconds):
        """All the time there is, when a file is sent meanwhile."""
        limits.append(seconds)
        begun.set()
        assert sent.wait(300)
        raise QueryTimeout("too late")

    with serve(Service([sales], Model, Settings(workers=1, uploads=tmp_path / "uploads"))) as client, ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(profile_routes, "profile_within", slow)
        late = pool.submit(client.get, "/profile?db=sales")
        assert begun.wait(300)
        taken = client.post("/databases", content=b"n\n1\n", params={"file": "more.csv"})
        sent.set()
        assert taken.status_code == 201, taken.text
        assert late.result().status_code == 504
        assert 0 < limits[0] <= PROFILE_SECONDS
        monkeypatch.setattr(profile_routes, "profile_within", make)
        assert client.get("/profile?db=sales").json()["skipped"] == []


def test_what_runs_for_a_profile_ends_with_its_time(shop, tmp_path, monkeypatch):
    pids = tmp_path / "pids"
    monkeypatch.setenv(endless.PIDS, str(pids))
    monkeypatch.setattr(profiler, "profile", endless.endless)

    def get(result, seconds):
        assert seconds == 7
        until(pids.exists)
        raise multiprocessing.TimeoutError

    monkeypatch.setattr(multiprocessing.pool.ApplyResult, "get", get)
    with pytest.raises(QueryTimeout, match="there is no profile of .*shop.duckdb after 7 s"):
        profiler.profile_within(shop, 7)
    for pid in pids.read_text().split():
        until(lambda pid=pid: not Path("/proc", pid).exists())


def until(met):
    end = monotonic() + 300
    while not met():
        assert monotonic() < end
        sleep(0.05)
