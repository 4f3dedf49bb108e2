"""A file is put into its place wholly, or all is as before: after an error, and after the process was killed at any point."""

import itertools
import os
from contextlib import suppress
from pathlib import Path

import pytest

from microgt.serve.placing import placed, undo_unfinished


class Killed(BaseException):
    pass


def contents(root):
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file() and path.name != "coming"}


def uploads(root, **files):
    for name, text in files.items():
        (root / "shop").mkdir(parents=True, exist_ok=True)
        (root / "shop" / name.replace("_", ".")).write_text(text)
    (root / "shop").mkdir(parents=True, exist_ok=True)
    (root / "coming").write_text("new")
    return [root / "shop" / name.replace("_", ".") for name in files if name.startswith("orders")]


def put(root, before):
    with placed(root / "coming", root / "shop" / "orders.csv", before):
        pass


FILES = [{}, {"staff_csv": "s"}, {"orders_csv": "old", "staff_csv": "s"}, {"orders_parquet": "old"}, {"orders_csv": "a", "orders_tsv": "b"}]


@pytest.mark.parametrize("files", FILES)
def test_the_new_one_is_there_and_those_in_whose_place_it_came_are_gone(tmp_path, files):
    before = uploads(tmp_path, **files)
    put(tmp_path, before)
    others = {f"shop/{name.replace('_', '.')}": text for name, text in files.items() if not name.startswith("orders")}
    assert contents(tmp_path) == {**others, "shop/orders.csv": "new"}
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("files", FILES)
def test_all_is_as_before_when_the_block_fails(tmp_path, files):
    before = uploads(tmp_path, **files)
    were = contents(tmp_path)
    with pytest.raises(ZeroDivisionError), placed(tmp_path / "coming", tmp_path / "shop" / "orders.csv", before):
        raise ZeroDivisionError
    assert contents(tmp_path) == were
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("files", FILES)
def test_all_is_as_before_or_done_wherever_the_process_is_killed(tmp_path, files, monkeypatch):
    """Each change of a name counts as a step; from the nth on, nothing happens any more: as after SIGKILL."""
    done = 0
    for n in itertools.count():
        root = tmp_path / str(n)
        before = uploads(root, **files)
        were = contents(root)
        left = n

        def step(real):
            def changed(*given, **more):
                nonlocal left
                if not left:
                    raise Killed
                left -= 1
                return real(*given, **more)

            return changed

        with monkeypatch.context() as patch:
            for holder, name in ((Path, "rename"), (Path, "unlink"), (os, "replace")):
                patch.setattr(holder, name, step(getattr(holder, name)))
            with suppress(Killed):
                put(root, before)
                done += 1
        undo_unfinished(root)
        now = contents(root)
        assert not list(root.glob(".*"))
        if done:
            assert now["shop/orders.csv"] == "new"
            break
        assert now == were
    assert n >= 3 + len(before)
