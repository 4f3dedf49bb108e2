"""`microgt learn`: what people said that questions mean is trained on; the new checkpoint answers when it is better and nowhere worse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from microgt.audit.events import Changed, Promoted, Refused, TakenBack
from microgt.audit.log import log_file, user
from microgt.build import trusting
from microgt.files import replace_folder
from microgt.product.checkpoints import checkpoint_for
from microgt.product.further import Further, train_further
from microgt.product.learnt import Learnt


def learn(config: dict[str, Any], console: Console) -> Further:
    """Do it as `configs/learn.yaml` says, for the database `data.path`; what came of it is in its log.

    The checkpoint that answers the database's questions is gone on from, where none is named, and only read. Until all is done nothing has
    changed. Raises `DataError` without corrections, `ConfigError` while another process learns, and as `train_further`.
    """
    database = config["data"]["path"]
    learnt, log = Learnt(database), log_file(database)
    with learnt.locked(), trusting(config["packages"]):
        number, before = learnt.free(), learnt.current
        config = {**config, "checkpoint": str(checkpoint_for(config["checkpoint"], database))}
        with replace_folder(learnt.place(number)) as folder:
            result = train_further(config, folder, console)
        about = {"checkpoint": number, "why": result.why, "changed": _changed(result), "by": user()}
        if result.kept == "new":
            learnt.promote(number)
            log.note(Promoted(**about, was=before))
            told = f"Checkpoint {number} answers questions about {database} from now on"
        else:
            log.note(Refused(**about))
            told = f"Checkpoint {number} is not promoted, and {_named(before)} goes on answering"
    console.print(Text(f"{told}: {result.why}.", style="bold"), soft_wrap=True)
    return result


def take_back(database: str | Path) -> str:
    """Let the checkpoint answer that did so before the last promotion, and say so. Raises `ConfigError` when there was none."""
    learnt = Learnt(database)
    with learnt.locked():
        last = learnt.back()
        log_file(database).note(TakenBack(checkpoint=last, now=learnt.current, by=user()))
    return f"Checkpoint {last} is taken back (its files are kept): {_named(learnt.current)} answers questions about {database}"


def _named(number: int | None) -> str:
    return "the checkpoint that learnt nothing here" if number is None else f"checkpoint {number}"


def _changed(result: Further) -> tuple[Changed, ...]:
    return tuple(
        Changed(name=one.name, of=one.both.first.n, before=one.both.first.k, after=one.both.second.k, won=one.won, lost=one.lost)
        for one in result.measures
    )
