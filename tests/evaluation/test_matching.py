import networkx as nx
import numpy as np
import pytest

from microgt.evaluation import matching
from microgt.evaluation.cells import ONE
from microgt.evaluation.matching import Budget, complete


def cloud(chance):
    """Two sets of points in groups, the second a moved choice from the first; often on a grid, where many are just close."""
    k, n, groups = chance.integers(1, 4), chance.integers(1, 60), chance.integers(1, 4)
    m = chance.integers(max(1, n - 3), n + 1)
    a, side = chance.integers(0, groups, n), chance.uniform(0.5, 6)
    near_a = (chance.uniform(-side, side, (k, n)) * ONE).astype(np.int64) + 10**9 * a
    chosen = chance.permutation(n)[:m]
    near_b = near_a[:, chosen] + (chance.uniform(-1, 1, (k, m)) * ONE * chance.uniform(0.8, 1.6)).astype(np.int64)
    step = int(chance.choice([1, ONE // 2]))
    return a, a[chosen], near_a // step * step, near_b // step * step


@pytest.mark.parametrize("chunk", [10, 1 << 20])
def test_as_networkx_finds_it(chunk, monkeypatch):
    monkeypatch.setattr(matching, "_CHUNK", chunk)
    chance, seen = np.random.default_rng(chunk), set()
    for _ in range(150):
        a, b, near_a, near_b = cloud(chance)
        close = (a[:, None] == b) & (np.abs(near_a[:, :, None] - near_b[:, None]) <= ONE).all(axis=0)
        graph = nx.Graph([(i, -1 - j) for i, j in zip(*np.nonzero(close), strict=True)])
        rows = [-1 - j for j in range(len(b))]
        truth = set(rows) <= graph.nodes and len(nx.bipartite.hopcroft_karp_matching(graph, rows)) == 2 * len(rows)
        assert complete(a, b, near_a, near_b, Budget()) is truth
        seen.add(truth)
    assert seen == {True, False}


def test_the_budget_ends_the_search():
    chance = np.random.default_rng(0)
    near = (chance.uniform(0, 30, (2, 500)) * ONE).astype(np.int64)
    moved = near + chance.integers(-ONE, ONE, near.shape)
    groups = np.zeros(500, np.int64)
    assert complete(groups, groups, near, moved, Budget())
    budget = Budget(rows=100)
    assert not complete(groups, groups, near, moved, budget)
    assert budget.spent
