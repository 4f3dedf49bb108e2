"""What became of one question."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """One verdict for each question. Only `correct` and `vacuous` count as right; over variants of a database see `Item.right`."""

    CORRECT = "correct"
    WRONG = "wrong"
    VACUOUS = "vacuous"  # both answers are empty, with the same number of columns
    INVALID_SPEC = "invalid_spec"  # nothing was predicted, or the checker refused it
    COMPILE_ERROR = "compile_error"
    EXEC_ERROR = "exec_error"
    TIMEOUT = "timeout"
    ROW_LIMIT = "row_limit"
    GOLD_ERROR = "gold_error"  # the gold itself cannot be run: a fault of the data

    @property
    def right(self) -> bool:
        """Whether the headline counts it."""
        return self in (Outcome.CORRECT, Outcome.VACUOUS)

    @property
    def executed(self) -> bool:
        """Whether the prediction gave a result."""
        return self in (Outcome.CORRECT, Outcome.WRONG, Outcome.VACUOUS)
