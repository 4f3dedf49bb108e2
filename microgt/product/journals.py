"""The journal of an evaluation whose results go to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import microgt
from microgt.commit import git_hash
from microgt.errors import DataError
from microgt.evaluation.journal import Journal, journal_beside, key_of
from microgt.evaluation.prediction import Gold
from microgt.evaluation.resumed import ITEM, PREDICTION
from microgt.evaluation.run import versions
from microgt.product.checkpoints import find_checkpoint
from microgt.schema.load import stamp_of
from microgt.spec.json import write_spec

# What changes no outcome of a question.
_BESIDE = {"limit", "workers", "fail_under", "max_regression", "out", "junit", "markdown", "html", "report", "keep_variants"}


@contextmanager
def open_journal(config: dict[str, Any], golds: Iterable[Gold] = ()) -> Iterator[Journal | None]:
    """The journal beside `out`, if that is given and the journal can be opened, with a word about what it holds.

    golds: of which all outcomes depend on all, as variants of databases are made for them.
    """
    journal = _journal(config, golds) if config["out"] else None
    if journal is None:
        yield None
        return
    with journal:
        _tell(journal)
        try:
            yield journal
        except KeyboardInterrupt:
            print(f"{journal.path} keeps what is done: the same command goes on from there", file=sys.stderr)
            raise
        finally:
            if journal.fault:
                print(f"{journal.fault}: what came after it is done again after an interruption", file=sys.stderr)


def _journal(config: dict[str, Any], golds: Iterable[Gold]) -> Journal | None:
    asked = key_of(*([gold.id, gold.db, gold.sql, gold.spec and write_spec(gold.spec)] for gold in golds))
    try:
        return Journal(journal_beside(config["out"]), _made_by(config) | {"golds": asked})
    except DataError:  # the results will not be written either, and the error will say so
        return None


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
