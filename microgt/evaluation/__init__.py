"""Whether predictions are right, by executing them, and how sure that figure is.

found = score(pair(source.examples(split), predictions), source, trained_on=...)
results = results_of(found, data=source.name, split=split, excluded=source.excluded(split))
results.write("out.json"); write_report(results, "report"); print(results_table(results))
"""

from microgt.evaluation.comparator import compare
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.prediction import Prediction, gold_as_prediction
from microgt.evaluation.predictions import PredictionsFile, read_predictions
from microgt.evaluation.report import write_report
from microgt.evaluation.results import Item, Results, Summary
from microgt.evaluation.run import results_of
from microgt.evaluation.score import pair, score
from microgt.evaluation.summary import exit_status
from microgt.evaluation.table import results_table
from microgt.evaluation.variants import Suites, Variants

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
