"""Versions are kept whole, and what is deployed is decided by one file."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

from microgt.errors import ConfigError, DataError
from microgt.products.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "products")


def add(store, text, state="deployed"):
    return store.add("sales", state, {"page": text.encode()}, {"title": text})


def page(store, number=None):
    return (store.version("sales", number) / "page").read_text()


def test_versions_follow_each_other_and_are_taken_back(store):
    assert [add(store, text) for text in ("one", "two", "three")] == [1, 2, 3]
    assert (page(store), store.record("sales").current, store.record("sales").state) == ("three", 3, "deployed")
    assert store.rollback("sales") == 2
    assert store.rollback("sales") == 1
    with pytest.raises(ConfigError, match="product 'sales' has no earlier version: deployed were 1, 2, 3"):
        store.rollback("sales")
    assert page(store) == "one"
    assert store.rollback("sales", 3) == 3
    assert add(store, "four") == 4
    assert (page(store), page(store, 2), store.manifest("sales")["title"]) == ("four", "two", "four")
    assert [event.split(" ", 1)[1] for event in store.record("sales").events][-2:] == [
        "rolled back from version 1 to 3",
        "version 4: deployed",
    ]


def test_a_prototype_does_not_take_the_place_of_what_is_deployed(store):
    add(store, "idea", "draft")
    assert (store.record("sales").state, page(store)) == ("draft", "idea")
    add(store, "first", "prototype")
    assert (store.record("sales").state, page(store)) == ("prototype", "first")
    add(store, "good")
    add(store, "next", "prototype")
    assert (store.record("sales").state, page(store)) == ("deployed", "good")
    with pytest.raises(ConfigError, match="no deployed version 4: deployed were 3"):
        store.rollback("sales", 4)
    store.retire("sales")
    assert (store.record("sales").state, store.record("sales").current) == ("retired", None)
    assert store.rollback("sales") == 3


def test_a_version_that_was_taken_back_stays_so(store):
    add(store, "good")
    add(store, "bad")
    assert store.rollback("sales", by="ana") == 1
    add(store, "also bad")
    assert store.rollback("sales") == 1
    with pytest.raises(ConfigError, match="no earlier version: deployed were 1, 2, 3"):
        store.rollback("sales")
    assert [event.split(" ", 1)[1] for event in store.record("sales").events][-3:] == [
        "rolled back from version 2 to 1 by ana",
        "version 3: deployed",
        "rolled back from version 3 to 1",
    ]


def test_the_way_back_goes_through_what_was_deployed(store):
    for text in ("one", "two", "three"):
        add(store, text)
    assert (store.rollback("sales", 1), store.record("sales").before) == (1, None)
    assert (store.rollback("sales", 3), store.record("sales").before) == (3, 1)
    assert (store.rollback("sales", 3), store.record("sales").before) == (3, 1)
    store.retire("sales", "ana")
    assert store.record("sales").events[-1].endswith(" retired by ana")
    assert (store.rollback("sales"), store.rollback("sales")) == (3, 1)
    store.retire("sales")
    assert (add(store, "four"), store.rollback("sales")) == (4, 1)


def test_a_record_without_a_past_is_read(store):
    for text in ("one", "two", "three"):
        add(store, text)
    file = store.folder / "sales" / "product.json"
    written = json.loads(file.read_text())
    del written["past"]
    file.write_text(json.dumps(written))
    assert store.record("sales").past == (1, 2)
    file.write_text(json.dumps({**written, "current": None, "retired": True}))
    assert store.record("sales").past == (1, 2, 3)
    assert store.rollback("sales") == 3


def test_a_prototype_is_promoted_as_it_is_kept(store):
    add(store, "one")
    add(store, "next", "prototype")
    add(store, "two")
    store.promote("sales", 2, "ana")
    record = store.record("sales")
    assert (page(store), record.current, record.past) == ("next", 2, (1, 3))
    assert record.events[-1].endswith(" version 2: promoted by ana")
    assert (store.rollback("sales"), store.rollback("sales", 2)) == (3, 2)
    add(store, "idea", "draft")
    for number in (1, 2, 4, 9):
        with pytest.raises(ConfigError, match=f"version {number} of 'sales' is no prototype: prototypes are none"):
            store.promote("sales", number)


def test_only_what_the_store_has_left_behind_is_removed(store):
    add(store, "one")
    folder = store.folder / "sales"
    for name in ("notes", "2019", "2", ".writing-abc", ".old-abc"):
        (folder / name).mkdir()
        (folder / name / "text").write_text("mine")
    (folder / ".writing-def").write_text("half")
    store.note("sales", "looked at")
    left = {path.name for path in folder.iterdir()}
    assert left == {"1", "notes", "2019", "product.json", ".lock"}
    assert (folder / "notes" / "text").read_text() == "mine"


def test_names_are_checked_and_offered(store):
    add(store, "one")
    with pytest.raises(DataError, match="there is no product 'sale' in .*; did you mean 'sales'"):
        store.record("sale")
    with pytest.raises(DataError, match="product 'sales' has no version 9: it has 1"):
        store.version("sales", 9)
    for name in ("../x", "", "A", ".", "a/b", "x" * 65):
        with pytest.raises(ConfigError, match="cannot be the name of a product"):
            store.add(name, "deployed", {}, {})
        with pytest.raises(ConfigError, match="cannot be the name of a product"):
            store.record(name)


KILLED = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    from microgt.products.store import Store

    store = Store(Path(sys.argv[1]))
    files = {"page": b"new", "data": b"new" * 1000}
    calls = ("open", "os.", "shutil.", "tempfile.", "fcntl.")

    def killed_at(n):
        # A child that is killed before its n-th call on files; False when it came to its end.
        child = os.fork()
        if not child:
            seen = [0]
            def hook(event, _):
                if event.startswith(calls):
                    seen[0] += 1
                    if seen[0] == n:
                        os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(hook)
            store.add("sales", "deployed", files, {"title": "new"})
            os._exit(0)
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])

    store.add("sales", "deployed", {"page": b"old", "data": b"old" * 1000}, {"title": "old"})
    n = 0
    while True:
        n += 1
        killed = killed_at(n)
        record = store.record("sales")
        folder = store.version("sales")
        title = store.manifest("sales")["title"]
        text = {"old": b"old", "new": b"new"}[title]
        assert folder.name == str(record.current), n
        assert (folder / "page").read_bytes() == text and (folder / "data").read_bytes() == text * 1000, n
        if not killed:
            break
    left = sorted(path.name for path in (store.folder / "sales").iterdir() if path.name not in ("product.json", ".lock"))
    print(n, left == sorted(str(v.number) for v in store.record("sales").versions))
""")


def test_whoever_is_killed_leaves_a_whole_product(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "products")],
        capture_output=True, text=True, timeout=300, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    points, clean = run.stdout.split()
    assert int(points) > 15  # as many places at which it was killed, before it came to its end
    assert clean == "True"
