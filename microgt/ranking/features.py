"""A reading among the others as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from microgt.graph import Graph
from microgt.ranking.answers import Reading, agreement
from microgt.ranking.axes import axis_ignored
from microgt.ranking.cues import asked, done, nested, subqueries, windows
from microgt.ranking.links import Linked, linked
from microgt.ranking.odd import Odd, odd
from microgt.spec.types import Answer, Select, Spec
from microgt.spec.walk import walk

_OWN = ("log_prob", "behind", "ahead", "first", "size", "nested", "subqueries", "windows", "outputs", "outputs_beside")
_RUN = (
    "failed",
    "no_query",
    "empty",
    "one_row",
    "one_cell",
    "shown_rows",
    "shown_columns",
    "nulls",
    "all_null",
    "nothing",
    "repeats",
    "agreement",
    "agrees_most",
)
_CUES = ("ignored", "unasked", "affirmed", "negated")
NAMES = (*_OWN, *_RUN, *Linked._fields, *_CUES, *Odd._fields)


def features(readings: Sequence[Reading], graph: Graph) -> np.ndarray:
    """float64 [readings, len(NAMES)], in the model's order. Readings of one question only."""
    cues = asked(graph.question)
    logs = [r.log_prob for r in readings]
    share = np.exp(np.array(logs) - max(logs, default=0.0))
    share /= max(share.sum(), 1e-12)
    agreed = agreement(readings, share)
    rows = [
        [
            *_own(i, readings, logs),
            *_outputs(r.spec, graph.question),
            *_run(r, agreed[i], max(agreed)),
            *linked(r.spec, graph),
            *_cues(cues, done(r.spec), axis_ignored(graph.question, r.spec)),
            *odd(r.spec),
        ]
        for i, r in enumerate(readings)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(NAMES))


def _own(i: int, readings: Sequence[Reading], logs: Sequence[float]) -> list[float]:
    spec, rest = readings[i].spec, [log for j, log in enumerate(logs) if j != i]
    size = sum(1 for _ in walk(spec))
    ahead = logs[i] - max(rest) if rest else 5.0
    behind = logs[i] - max(logs)
    return [logs[i], behind, max(0.0, min(5.0, ahead)), float(i == 0), math.log(size), nested(spec), subqueries(spec), windows(spec)]


# What is asked for stands before these; commas and "and" part it.
_AFTER = re.compile(r"\b(?:of|for|whose|that|which|with|where|in|from)\b", re.IGNORECASE)
_PARTS = re.compile(r",|\band\b", re.IGNORECASE)


def _outputs(spec: Spec, question: str) -> list[float]:
    """How many outputs, and how far that is from what the question seems to list."""
    outputs = len(spec.query.outputs) if isinstance(spec, Answer) and isinstance(spec.query, Select) else 1
    listed = 1 + len(_PARTS.findall(_AFTER.split(question)[0]))
    return [outputs, abs(outputs - listed)]


def _run(reading: Reading, agreed: float, most: float) -> list[float]:
    out = reading.shown
    if out is None:
        return [float(reading.failed), float(not reading.failed), *[0.0] * (len(_RUN) - 2)]
    one = float(out.rows == 1)
    return [
        0.0,
        0.0,
        float(out.rows == 0),
        one,
        one * (out.columns == 1),
        math.log1p(out.rows),
        out.columns,
        out.nulls,
        float(out.nulls == 1),
        float(out.nothing),
        float(out.repeats),
        agreed,
        agreed >= most,
    ]


def _cues(cues: set[str], traits: set[str], axis: bool) -> list[float]:
    """Counts, because with a weight for each cue a ranker learns by heart what a few hundred questions happen to say; and apart from the
    others whether a "not" got lost or came from nowhere, which turns the answer round."""
    lost, new = cues - traits, traits - cues
    return [len(lost) + axis, len(new), "negation" in lost, "negation" in new]
