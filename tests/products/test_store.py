"""Versions are kept whole, and what is deployed is decided by one file."""

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
