"""Signs of how far a reading can be trusted, from which a calibrated confidence is made (see `evaluation/calibration.py`).

The probability of the reading alone is too sure on data of another make; what of the question was found in the database, and how the other
readings of the beam stand to it, is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from microgt.graph import Graph
from microgt.graph.relations import Relation
from microgt.graph.synonyms import SAME_COLUMN, SAME_TABLE
from microgt.graph.words import STOP
from microgt.model.steps import Hypothesis
from microgt.spec.grammar import ActionKind

_LEAST = -12.0  # of log-probabilities: what is below says no more
_NAMED = (
    *(Relation.QC_EXACT, Relation.QC_PARTIAL, Relation.QC_VALUE, Relation.QC_VALUE_PARTIAL, SAME_COLUMN),
    *(Relation.QT_EXACT, Relation.QT_PARTIAL, SAME_TABLE),
)
_ALONE = 5.0  # nats ahead of a reading that was not found


def signs_of(readings: Sequence[Hypothesis], graph: Graph) -> list[dict[str, float]]:
    """The signs of each of the readings that a beam found.

    log_prob, per_action: of the reading, whole and by action. margin: nats ahead of the best other one. mass: log of the probability of all
    readings together. length: log of the number of actions. columns: log of the number of columns in the schema. named: the share of the
    columns and tables it uses that a word of the question names. said: the share of the question's words that name one of those or are
    one of its values.
    """
    probabilities = [max(_LEAST, r.log_prob) for r in readings]
    mass = math.log(sum(map(math.exp, probabilities)))
    found = []
    for i, reading in enumerate(readings):
        own, others = probabilities[i], probabilities[:i] + probabilities[i + 1 :]
        named, said = _links(reading, graph)
        found.append(
            {
                "log_prob": own,
                "per_action": own / len(reading.actions),
                "margin": min(_ALONE, own - max(others, default=own - _ALONE)),
                "mass": mass,
                "length": math.log(len(reading.actions)),
                "columns": math.log1p(len(graph.columns)),
                "named": named,
                "said": said,
            }
        )
    return found


def _links(reading: Hypothesis, graph: Graph) -> tuple[float, float]:
    """(share of its tables and columns that are named, share of the question's words of meaning that name them or are its values)."""
    words, tables = len(graph.words), len(graph.tables)
    first = {ActionKind.TABLE: words + 1, ActionKind.COLUMN: words + 1 + tables}
    items = sorted({first[a.kind] + a.index for a in reading.actions if a.kind in first})
    links = np.isin(graph.relations[:words, items], _NAMED)
    values = words + 1 + tables + len(graph.columns)
    used = sorted({values + a.index for a in reading.actions if a.kind is ActionKind.VALUE and a.index < len(graph.values)})
    copied = graph.relations[:words, used] == Relation.QV_FROM
    meant = np.array([w.lower() not in STOP for w in graph.words], dtype=bool)
    said = (links.any(axis=1) | copied.any(axis=1))[meant]
    return (float(links.any(axis=0).mean()) if items else 1.0), (float(said.mean()) if said.size else 1.0)
