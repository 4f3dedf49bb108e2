"""Whether predictions are right, by executing them, and how sure that figure is.

found = score(pair(source.examples(split), predictions), source, trained_on=...)
results = results_of(found, data=source.name, split=split, excluded=source.excluded(split))
results.write("out.json"); write_report(results, "report"); print(results_table(results))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from microgt.evaluation.comparator import compare
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.prediction import Prediction, gold_as_prediction
from microgt.evaluation.predictions import PredictionsFile, read_predictions
from microgt.evaluation.results import Item, Results, Summary
from microgt.evaluation.run import results_of
from microgt.evaluation.score import pair, score
from microgt.evaluation.summary import exit_status
from microgt.evaluation.variants import Suites, Variants

if TYPE_CHECKING:
    from microgt.evaluation.report import write_report
    from microgt.evaluation.table import results_table

__all__ = [
    "Item",
    "Outcome",
    "Prediction",
    "PredictionsFile",
    "Results",
    "Suites",
    "Summary",
    "Variants",
    "compare",
    "exit_status",
    "gold_as_prediction",
    "pair",
    "read_predictions",
    "results_of",
    "results_table",
    "score",
    "write_report",
]

_SHOWN = {"results_table": "microgt.evaluation.table", "write_report": "microgt.evaluation.report"}


def __getattr__(name: str) -> Any:
    """What shows results is imported when first asked for: who answers questions needs none of it."""
    if name not in _SHOWN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_SHOWN[name]), name)
