"""What a model proposes for a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from microgt.graph import Graph, ValueNode
from microgt.schema.types import Schema
from microgt.spec.types import Spec


class Candidate(Protocol):
    """A proposed spec, the log-probability of its actions, how sure to be of it (0 to 1), the value nodes it could point at, and signs of
    how far it can be trusted."""

    @property
    def spec(self) -> Spec: ...
    @property
    def log_prob(self) -> float: ...
    @property
    def confidence(self) -> float: ...
    @property
    def values(self) -> Sequence[ValueNode]: ...
    @property
    def signs(self) -> Mapping[str, float]: ...


class Predictor(Protocol):
    """What proposes specs; `microgt.model.predictor.Predictor` is the one behind a checkpoint."""

    def graph(self, question: str, schema: Schema) -> Graph:
        """The graph of a question."""
        ...

    def predict(self, question: str, schema: Schema) -> Sequence[Candidate]:
        """Candidate specs, best first."""
        ...

    def attended(self, question: str, schema: Schema, spec: Spec) -> Mapping[str, Sequence[float]] | None:
        """For what a spec of a question names: the shares of the attention on the question's words; None where that is not known."""
        ...

    def knows(self, rule: str) -> bool:
        """Whether it can choose a rule of the grammar, such as `Edit`."""
        ...
