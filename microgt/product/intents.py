"""What becomes of a candidate of each intent: answer, clarify, edit, unanswerable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from microgt.errors import ConfigError, MicrogtError, SeveralReadings, Unanswered
from microgt.product.answered import Answered
from microgt.product.missing import missing_for
from microgt.product.proposal import Candidate
from microgt.product.ranked import reading
from microgt.product.request import Request
from microgt.ranking import same_answers
from microgt.spec.canonical import canonical
from microgt.spec.diff import diff
from microgt.spec.types import Answer, Clarify, Edit, Spec, Unanswerable
from microgt.spec.words import in_words


class Intent(Protocol):
    """A spec that a model proposed, and what is to be done about it."""

    def answered(self, request: Request, candidate: Candidate) -> Answered:
        """The answer. Raises `NotAnswerable` when the question ends here, any other `MicrogtError` when the candidate is to be dropped."""
        ...


def intent_of(spec: Spec) -> Intent:
    """The intent of a spec."""
    match spec:
        case Clarify():
            return Clarifying(spec)
        case Edit():
            return Editing(spec)
        case Unanswerable():
            return Refusing(spec)
    return Answering(spec)


@dataclass(frozen=True)
class Answering:
    """A query that is run."""

    spec: Answer

    def answered(self, request: Request, candidate: Candidate) -> Answered:
        """What the engine returns."""
        return request.run(self.spec, candidate)


@dataclass(frozen=True)
class Editing:
    """A change of the previous answer, shown with the difference."""

    spec: Edit

    def answered(self, request: Request, candidate: Candidate) -> Answered:
        """What the engine returns after the change. Without a previous answer there is nothing to change."""
        if request.previous is None:
            raise ConfigError("an edit changes the previous spec, and none was given")
        found = request.run(self.spec, candidate)
        return replace(found, changes=diff(request.previous, self.spec, request.schema))


@dataclass(frozen=True)
class Clarifying:
    """Several readings, of which only those count that can be run and differ."""

    spec: Clarify

    def answered(self, request: Request, candidate: Candidate) -> Answered:
        """The reading that is left when all others fail; two and more are given back to be chosen from."""
        found: dict[Answer, Answered] = {}
        dropped: list[str] = []
        for one in self.spec.readings:
            try:
                answered = request.run(one, candidate)
                _refuse_the_same(one, found, request)
            except MicrogtError as error:
                dropped.append(str(error))
            else:
                found[one] = answered
        if not found:
            raise ConfigError(f"none of its {len(dropped)} readings can be run: {dropped[0]}")
        if len(found) == 1:
            (answered,) = found.values()
            warning = f"{len(dropped)} other reading(s) could not be run: {dropped[0]}"
            return replace(answered, warnings=(warning, *answered.warnings))
        spec = Clarify(readings=tuple(found))
        raise SeveralReadings(in_words(spec, request.schema), spec, tuple(found.values()), dropped)


def _refuse_the_same(reading: Answer, before: Iterable[Answer], request: Request) -> None:
    form = canonical(reading, request.schema)
    for number, other in enumerate(before, 1):
        if canonical(other, request.schema) == form:
            raise ConfigError(f"it means the same as reading {number}")


_MOST_READINGS = 3


def asked_back(request: Request, taken: Candidate, candidates: Sequence[Candidate], answered: Answered) -> Answered:
    """The likeliest readings to choose from, in place of an answer that is not sure enough: that of `taken`. Raises `SeveralReadings`.

    Those that show something else come before those that say the same in another way. The answer itself, with a warning, when no other
    reading can be run or when it is no plain query.
    """
    readings = _apart([taken, *candidates], request)[:_MOST_READINGS]
    if isinstance(taken.spec, Answer) and len(readings) > 1:
        with suppress(ConfigError):
            answered = Clarifying(Clarify(readings=tuple(readings))).answered(request, taken)
    unsure = f"not sure enough of this answer ({answered.confidence:.0%}): read its words before using it"
    return replace(answered, warnings=(unsure, *answered.warnings))


def _apart(candidates: Sequence[Candidate], request: Request) -> list[Answer]:
    """The first reading of each answer and the first that finds nothing, then the others."""
    specs = {c.spec: c for c in candidates if isinstance(c.spec, Answer)}
    readings = [reading(c, request.schema, request.engine, request.as_of) for c in specs.values()]
    first: dict[object, Answer] = {}
    for spec, found, answer in zip(specs, readings, same_answers(readings), strict=True):
        first.setdefault("nothing" if found.empty else (answer, spec.view), spec)
    return list(dict.fromkeys([*first.values(), *specs]))


@dataclass(frozen=True)
class Refusing:
    """No answer, and why."""

    spec: Unanswerable

    def answered(self, request: Request, candidate: Candidate) -> Answered:
        """Raises `Unanswered` with the reason and what is missing."""
        missing = missing_for(self.spec, request.graph, request.schema)
        raise Unanswered(" ".join([in_words(self.spec, request.schema), *missing]), self.spec)
