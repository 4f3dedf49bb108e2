"""What people said that questions about a database mean, from its log."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from microgt.audit.events import Asked, Corrected, Judged
from microgt.audit.log import log_file
from microgt.data.example import Example
from microgt.data.one import OneDatabase
from microgt.data.plain import plain
from microgt.errors import DataError, SpecError
from microgt.spec import check, read_spec
from microgt.spec.types import Answer

CORRECTIONS, CONFIRMED = "corrections", "confirmed"


class CorrectedSource(OneDatabase):
    """Splits: `corrections`; `confirmed`, answers with a thumb up. Of what was said about a question the newest counts. A thumb for an
    answer that was changed, in words or by hand, or for a product says nothing about the question, and is left out.

    What the database does not bear any more, because its schema has changed, is excluded. Raises `DataError` when it has no correction.
    """

    def __init__(self, path: str | Path, name: str = "corrected"):
        super().__init__(path, name)

    @property
    def splits(self) -> tuple[str, ...]:
        """Both, also when one is empty."""
        return (CORRECTIONS, CONFIRMED)

    def examples(self, split: str) -> list[Example]:
        """The questions of a split."""
        self.refuse_unknown(split)
        if not self._found[CORRECTIONS]:
            left = f" ({len(self._excluded)} are not right for it any more)" if self._excluded else ""
            raise DataError(f"there are no corrections of {self.path} yet{left}: say them with `microgt correct` or on the page")
        return list(self._found[split].values())

    def excluded(self, split: str) -> list[tuple[str, str]]:
        """(id, reason) of what is not right for the database."""
        return [(name, why) for of, name, why in self._excluded if of == split]

    @cached_property
    def _read(self) -> tuple[dict[str, dict[str, Example]], list[tuple[str, str, str]]]:
        found, excluded = {split: dict[str, Example]() for split in self.splits}, list[tuple[str, str, str]]()
        for split, question, given in _newest(self.path):
            name = _id(question, given)
            try:
                spec = read_spec(given)
                mistakes = check(spec, self._database.schema)
            except SpecError as error:
                mistakes, spec = [error], None
            if mistakes:
                excluded.append((split, name, str(mistakes[0])))
            elif isinstance(spec, Answer):
                found[split][name] = Example(name, question, self._database.schema.name, spec, None, split)
        return found, excluded

    @property
    def _found(self) -> dict[str, dict[str, Example]]:
        return self._read[0]

    @property
    def _excluded(self) -> list[tuple[str, str, str]]:
        return self._read[1]


def _newest(path: Path) -> Iterator[tuple[str, str, dict]]:
    """Split, question and spec of what was last said about each question; a thumb down takes one up back, and no correction."""
    said: dict[str, tuple[str, str, dict]] = {}
    answers = defaultdict[str, list[dict]](list)  # to each question, as far as the log has them
    for event in log_file(path).events():
        words = plain(event.question) if isinstance(event, Asked | Corrected | Judged) else ""
        if isinstance(event, Asked) and event.spec and event.origin != "by hand":
            answers[words].append(event.spec)
        elif isinstance(event, Corrected):
            said[words] = (CORRECTIONS, event.question, event.spec)
        elif isinstance(event, Judged) and said.get(words, (CONFIRMED,))[0] == CONFIRMED and _is_of_the_question(event, answers[words]):
            said.pop(words, None)
            if event.thumb == "up" and event.spec:
                said[words] = (CONFIRMED, event.question, event.spec)
    yield from said.values()


def _is_of_the_question(judged: Judged, answers: list[dict]) -> bool:
    """Was it an answer to the question as it stands? Where its origin was not said, it is one of the answers that the log has, if any."""
    if judged.spec is None:
        return True
    if judged.spec.get("kind") == "edit" or judged.origin in ("by hand", "product"):
        return False
    return judged.origin is not None or not answers or judged.spec in answers


def _id(question: str, spec: dict) -> str:
    """Readable, and another one when the question means something else."""
    digest = hashlib.sha256(f"{question}\0{json.dumps(spec, sort_keys=True)}".encode("utf-8", "backslashreplace")).hexdigest()
    return f"{'-'.join(plain(question).split())[:48]}-{digest[:8]}"
