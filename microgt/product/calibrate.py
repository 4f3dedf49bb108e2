"""A checkpoint's ranking: all readings of the questions of several sets are run and marked, then which to take, and how sure to be of it,
is learned from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from microgt.data.example import Example, Source
from microgt.engine.duckdb import EnginePool
from microgt.errors import GrammarError
from microgt.evaluation import Prediction, pair, score
from microgt.evaluation.calibration import Signs
from microgt.graph.naming import is_coded
from microgt.model.proposer import Candidate, Proposer
from microgt.product.ranked import Once, reading
from microgt.progress import progress
from microgt.ranking import Marked, features, kind_of, same_answers


@dataclass(frozen=True)
class Asked:
    """A question, what the model proposed for it, and that as numbers; see `Marked`."""

    example: Example
    candidates: Sequence[Candidate]
    rows: np.ndarray
    answers: np.ndarray

    @property
    def signs(self) -> list[Signs]:
        """The model's own, of each reading."""
        return [c.signs for c in self.candidates]


def mark(source: Source, examples: Sequence[Example], proposer: Proposer) -> list[Marked]:
    """All readings of each question, run and compared with gold; of no question whose beam came to a dead end."""
    asked = list(ask(source, examples, proposer))
    numbered = [(replace(a.example, id=f"{a.example.id}#{n}"), c) for a in asked for n, c in enumerate(a.candidates)]
    predictions = [Prediction(example.id, spec=candidate.spec) for example, candidate in numbered]
    right = {item.id: item.right for item in score(pair([example for example, _ in numbered], predictions), source)}
    marks = [np.array([right[f"{a.example.id}#{n}"] for n in range(len(a.candidates))]) for a in asked]
    coded = {db: is_coded(source.schema(db)) for db in {a.example.db for a in asked}}
    return [
        Marked(a.example.db, a.rows, a.answers, a.signs, m, [kind_of(c.spec, coded=coded[a.example.db]) for c in a.candidates])
        for a, m in zip(asked, marks, strict=True)
    ]


def ask(source: Source, examples: Sequence[Example], proposer: Proposer) -> Iterator[Asked]:
    """All readings of each question, run, database by database; nothing of a question whose beam came to a dead end."""
    with EnginePool() as pool:
        for example in progress(sorted(examples, key=lambda e: e.db), "reading", len(examples)):
            schema, engine = source.schema(example.db), Once(pool.engine(source.database(example.db)))
            try:
                candidates = proposer.predict(example.question, schema)
            except GrammarError:
                continue
            found = [reading(c, schema, engine) for c in candidates]
            yield Asked(example, candidates, features(found, proposer.graph(example.question, schema)), same_answers(found))
