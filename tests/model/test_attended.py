"""Where the decoder looks when it points."""

import pytest
import torch

from microgt.model.arrays import RULES
from microgt.model.attended import attended_words, attention_of_steps, last_attention


@pytest.fixture(scope="module")
def graph(make_graph):
    return make_graph(seed=3, words=6, tables=2, columns=5, values=3)


@pytest.fixture(scope="module")
def batch(nano, graph, random_actions, lexicon):
    """A derivation that points at something."""
    found = (nano.collate([graph], [random_actions(graph, seed)], lexicon) for seed in range(100))
    return next(one for one in found if int((one.actions >= RULES).sum()) >= 3)


def test_weights_are_of_all_nodes_at_each_step(nano, batch):
    weights = attention_of_steps(nano, batch, last_attention(nano))
    assert weights.shape == (1, batch.actions.shape[1], batch.kinds.shape[1])
    torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:2]))


def test_a_share_of_each_word_for_all_that_is_pointed_at(nano, batch, graph):
    found = attended_words(nano, batch, graph, last_attention(nano))
    nodes = [index - RULES for index in batch.actions[0].tolist() if index >= RULES]
    names = [*graph.words, "*", *graph.tables, *graph.columns, *(str(v.value) for v in graph.values)]
    assert list(found) == list(dict.fromkeys(names[node] for node in nodes))
    assert all(len(shares) == len(graph.words) for shares in found.values())
    assert [sum(shares) for shares in found.values()] == pytest.approx([1.0] * len(found), abs=1e-5)


def test_it_is_the_attention_of_the_step_that_points(nano, batch, graph):
    attention = last_attention(nano)
    weights = attention_of_steps(nano, batch, attention)[0]
    actions = batch.actions[0].tolist()
    pointed = next(index for index in actions if index >= RULES)
    seen = weights[[index == pointed for index in actions], : len(graph.words)].sum(0)
    first = next(iter(attended_words(nano, batch, graph, attention).values()))
    torch.testing.assert_close(torch.tensor(first), seen / seen.sum())
