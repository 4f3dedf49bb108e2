"""Training questions that change the answer before: by month, only Berlin, the average instead."""

from microgt.data.edits.source import EditsSource

__all__ = ["EditsSource"]
