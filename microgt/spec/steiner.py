"""The smallest tree that connects some nodes of a small graph, exactly (Dreyfus and Wagner, 1971)."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple


class Weighted(NamedTuple):
    """An undirected edge with its cost; `name` tells parallel edges apart."""

    a: Hashable
    b: Hashable
    cost: int
    name: int


_Near = dict[Hashable, list[tuple[Hashable, Weighted]]]


def smallest_tree(terminals: Sequence[Hashable], edges: Sequence[Weighted], most: int | None = None) -> list[Weighted] | None:
    """The edges of a cheapest tree that holds all terminals, in a fixed order; None when they are not connected.

    most: trees that cost more need not be found. Time grows with 3 ** len(terminals), and is linear in the edges but for a logarithm.
    """
    near = _pruned(terminals, edges)
    full = (1 << len(terminals)) - 1
    best: list[dict[Hashable, int]] = [{} for _ in range(full + 1)]
    came: list[dict[Hashable, tuple]] = [{} for _ in range(full + 1)]
    for i, terminal in enumerate(terminals):
        best[1 << i][terminal] = 0
    for mask in range(1, full + 1):
        _merge(mask, best, came)
        _spread(best[mask], came[mask], near, most)
    end = terminals[0]
    return _collect(full, end, came) if end in best[full] else None


def _pruned(terminals: Sequence[Hashable], edges: Sequence[Weighted]) -> _Near:
    """Neighbours, without the dead ends that no smallest tree enters."""
    near: _Near = defaultdict(list)
    for edge in edges:
        near[edge.a].append((edge.b, edge))
        near[edge.b].append((edge.a, edge))
    keep = set(terminals)
    others = {node: {other for other, _ in found} for node, found in near.items()}
    ends = [node for node, found in others.items() if len(found) < 2 and node not in keep]
    while ends:
        node = ends.pop()
        for other in others.pop(node, ()):
            others[other].discard(node)
            if len(others[other]) < 2 and other not in keep:
                ends.append(other)
    return {node: [(other, e) for other, e in near[node] if other in others] for node in others}


def _merge(mask: int, best: list[dict[Hashable, int]], came: list[dict[Hashable, tuple]]) -> None:
    """Join trees of two halves of the terminals at a shared node."""
    part = (mask - 1) & mask
    while part * 2 > mask:  # each pair of halves once: the one with the highest terminal
        rest = best[mask ^ part]
        for node, cost in best[part].items():
            if node in rest and cost + rest[node] < best[mask].get(node, 1 << 60):
                best[mask][node] = cost + rest[node]
                came[mask][node] = (part, mask ^ part)
        part = (part - 1) & mask


def _spread(cost: dict[Hashable, int], came: dict[Hashable, tuple], near: _Near, most: int | None) -> None:
    """Grow trees along edges (Dijkstra)."""
    order = {node: i for i, node in enumerate(near)}
    heap = [(c, order.get(node, -1), node) for node, c in cost.items()]
    heapq.heapify(heap)
    while heap:
        c, _, node = heapq.heappop(heap)
        if c > cost[node]:
            continue
        for other, edge in near.get(node, ()):
            total = c + edge.cost
            if total < cost.get(other, 1 << 60) and (most is None or total <= most):
                cost[other], came[other] = total, (node, edge)
                heapq.heappush(heap, (total, order[other], other))


def _collect(mask: int, node: Hashable, came: list[dict[Hashable, tuple]]) -> list[Weighted]:
    """The edges of the tree that ends in `node`, in the order they were given."""
    found: dict[int, Weighted] = {}
    stack = [(mask, node)]
    while stack:
        mask, node = stack.pop()
        how = came[mask].get(node)
        if how is None:
            continue
        if isinstance(how[1], Weighted):
            found[how[1].name] = how[1]
            stack.append((mask, how[0]))
        else:
            stack += [(how[0], node), (how[1], node)]
    return [found[name] for name in sorted(found)]
