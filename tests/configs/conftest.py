"""The small graphs of the tests of models."""

from tests.model.conftest import lexicon, make_graph, random_actions

__all__ = ["lexicon", "make_graph", "random_actions"]
