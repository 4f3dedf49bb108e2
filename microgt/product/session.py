"""A conversation about one database: questions, changes of their answers in words, undo and redo."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from microgt.audit.log import Log
from microgt.errors import SeveralReadings
from microgt.product.answered import Answered
from microgt.product.asker import Asker
from microgt.product.conversation import Conversation, read_conversation, write_conversation
from microgt.product.forecast import answer_in
from microgt.product.logged import logged
from microgt.product.suggest import Suggestion

_UNDO = ("undo", "go back", "back", "undo that", "take that back")
_REDO = ("redo", "redo that")


class Session:
    """Each of `say` is a question, a change of the answer before, "undo", "redo", or the number of a reading that was asked back.

    as_of: what relative periods count from. log: where all of it is noted. history: a file that keeps the conversation and goes on from
    there; it is written after each step. Raises `DataError` when it holds something else.
    """

    def __init__(self, asker: Asker, db: str | Path, *, log: Log, as_of: date | None = None, history: Path | None = None, by: str = ""):
        self._asker, self._db, self._log, self._as_of, self._history, self._by = asker, db, log, as_of, history, by
        self.conversation = read_conversation(history) if history else Conversation()
        self._asked_back: str | None = None

    def say(self, words: str) -> Answered:
        """The answer. Raises as `Asker.refine`; what was shown before stays then."""
        plain = words.lower().strip(" .!")
        if plain in _UNDO:
            return self.undo()
        if plain in _REDO:
            return self.redo()
        if self._asked_back and plain.isdecimal():
            return self._answered(self._asked_back, int(plain))
        return self._answered(words, None)

    def undo(self) -> Answered:
        """The answer before. Raises `CannotRefine` at the first."""
        return self._moved(self.conversation.undone())

    def redo(self) -> Answered:
        """What was undone last. Raises `CannotRefine` when nothing was."""
        return self._moved(self.conversation.redone())

    def forget(self) -> None:
        """Begin anew."""
        self._asked_back = None
        self._keep(Conversation())

    def shown(self) -> Answered | None:
        """What the conversation has come to, run again; None at its beginning."""
        return self._moved(self.conversation) if self.conversation.last else None

    def suggestions(self) -> list[Suggestion]:
        """Questions to begin with."""
        return self._asker.suggestions(self._db)

    def _answered(self, words: str, choose: int | None) -> Answered:
        last = self.conversation.last
        previous = last.spec if last else None

        def asked() -> Answered:
            if previous is None:
                return self._asker.ask(self._db, words, as_of=self._as_of, choose=choose)
            return self._asker.refine(self._db, words, previous, as_of=self._as_of, choose=choose)

        try:
            answered = logged(asked, self._log, words, previous=previous, by=self._by)
        except SeveralReadings:
            self._asked_back = words
            raise
        self._asked_back = None
        self._keep(self.conversation.with_step(words, answer_in(answered.spec)))
        return answered

    def _moved(self, conversation: Conversation) -> Answered:
        assert conversation.last is not None
        answered = self._asker.run(self._db, conversation.last.words, conversation.last.spec, as_of=self._as_of)
        self._keep(conversation)
        return answered

    def _keep(self, conversation: Conversation) -> None:
        if self._history and conversation != self.conversation:
            write_conversation(self._history, conversation)
        self.conversation = conversation
