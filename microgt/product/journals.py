"""The journal of an evaluation whose results go to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import microgt
from microgt.commit import git_hash
from microgt.evaluation.journal import Journal, journal_beside
from microgt.evaluation.resumed import ITEM, PREDICTION
from microgt.evaluation.run import versions
from microgt.product.checkpoints import find_checkpoint
from microgt.schema.load import stamp_of

# What changes no outcome of a question.
_BESIDE = {"limit", "workers", "fail_under", "max_regression", "out", "junit", "markdown", "html", "report"}


@contextmanager
def open_journal(config: dict[str, Any]) -> Iterator[Journal | None]:
    """The journal beside `out`, if that is given, with a word about what it holds. Raises `DataError` when it cannot be written."""
    if not config["out"]:
        yield None
        return
    with Journal(journal_beside(config["out"]), _made_by(config)) as journal:
        _tell(journal)
        try:
            yield journal
        except KeyboardInterrupt:
            print(f"{journal.path} keeps what is done: the same command goes on from there", file=sys.stderr)
            raise


def _tell(journal: Journal) -> None:
    done = ", ".join(f"{journal.count(kind)} {kind}s" for kind in (PREDICTION, ITEM) if journal.count(kind))
    if journal.foreign:
        print(f"{journal.path} is of another run (other settings or versions): begun anew", file=sys.stderr)
    elif done:
        print(f"{journal.path} holds {done} of an interrupted run: used where nothing has changed", file=sys.stderr)


def _made_by(config: dict[str, Any]) -> dict[str, Any]:
    settings = {key: value for key, value in config.items() if key not in _BESIDE}
    found = {"microgt": microgt.__version__, "git": git_hash(), "versions": versions(), "settings": settings}
    if config["predictions"]:
        return found
    checkpoint = find_checkpoint(config["checkpoint"])
    return found | {"checkpoint": stamp_of(sorted(checkpoint.iterdir()) if checkpoint.is_dir() else [checkpoint])}
