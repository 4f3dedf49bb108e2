"""What has been said and shown in a conversation, with what was undone. Kept in a file that is complete or not there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from microgt.errors import CannotRefine, DataError, SpecError
from microgt.files import write_text
from microgt.spec.json import read_spec, write_spec
from microgt.spec.types import Answer


class Step(NamedTuple):
    """What was said, and what it came to."""

    words: str
    spec: Answer


@dataclass(frozen=True)
class Conversation:
    """steps: the oldest first; those from `at` on are undone."""

    steps: tuple[Step, ...] = ()
    at: int = 0

    @property
    def last(self) -> Step | None:
        """What is shown."""
        return self.steps[self.at - 1] if self.at else None

    def with_step(self, words: str, spec: Answer) -> Conversation:
        """One step further. What was undone is gone."""
        return Conversation((*self.steps[: self.at], Step(words, spec)), self.at + 1)

    def undone(self) -> Conversation:
        """One step back. Raises `CannotRefine` at the first answer."""
        if self.at < 2:
            raise CannotRefine("there is nothing to undo")
        return Conversation(self.steps, self.at - 1)

    def redone(self) -> Conversation:
        """The step that was undone last. Raises `CannotRefine` when none was."""
        if self.at == len(self.steps):
            raise CannotRefine("nothing was undone")
        return Conversation(self.steps, self.at + 1)


def write_conversation(path: Path, conversation: Conversation) -> None:
    """Write the file anew. Raises `DataError` when it cannot be written."""
    steps = [{"words": step.words, "spec": write_spec(step.spec)} for step in conversation.steps]
    write_text(path, json.dumps({"at": conversation.at, "steps": steps}, ensure_ascii=False, indent=1))


def read_conversation(path: Path) -> Conversation:
    """That of a file; an empty one when there is none yet. Raises `DataError` when it is no conversation."""
    if not path.exists():
        return Conversation()
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        steps = tuple(Step(str(step["words"]), _answer(step["spec"])) for step in _listed(given["steps"]))
        at = given["at"]
    except (OSError, ValueError, KeyError, TypeError, SpecError) as error:
        raise DataError(f"{path} holds no conversation: {error}") from None
    if not isinstance(at, int) or not bool(steps) <= at <= len(steps):
        raise DataError(f"{path} holds no conversation: at is {at!r}, of {len(steps)} steps")
    return Conversation(steps, at)


def _answer(given: Any) -> Answer:
    spec = read_spec(given)
    if not isinstance(spec, Answer):
        raise ValueError(f"a spec of kind {spec.kind!r}")
    return spec


def _listed(steps: Any) -> Sequence[Any]:
    if not isinstance(steps, list):
        raise TypeError("steps is no list")
    return steps
