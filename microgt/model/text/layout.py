"""A graph as one text: the question, then each table followed by its columns and each column by the values found in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch

from microgt.graph import Graph
from microgt.model.batch import Batch


def reading_order(graph: Graph) -> list[int]:
    """All nodes of a graph in the order of its text. Values that stand in no column come last.

    Values found in a column stand behind it (BRIDGE, Lin et al. 2020).
    """
    first_table = len(graph.words) + 1
    first_column = first_table + len(graph.tables)
    first_value = first_column + len(graph.columns)
    held: dict[int, list[int]] = {}
    for i, value in enumerate(graph.values):
        held.setdefault(value.columns[0] if value.columns else -1, []).append(first_value + i)
    order, owners = list(range(first_table)), graph.owners
    for i in range(len(graph.tables)):
        order.append(first_table + i)
        for j, owner in enumerate(owners):
            if owner == i:
                order += [first_column + j, *held.get(j, ())]
    return order + held.get(-1, [])


def lay_out(graphs: Sequence[Graph], batch: Batch) -> Batch:
    """The batch with `text_tokens` and `text_nodes`."""
    nodes_width = batch.kinds.shape[1]
    offsets, node_tokens = batch.node_offsets.numpy(), batch.node_tokens.numpy()
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    for i, graph in enumerate(graphs):
        order = reading_order(graph)
        counts = np.array([len(graph.tokens[n]) for n in order], dtype=np.int64)
        begins = np.repeat(offsets[i * nodes_width + np.array(order)] - (np.cumsum(counts) - counts), counts)
        rows.append((node_tokens[begins + np.arange(counts.sum())], np.repeat(np.array(order, dtype=np.int64), counts)))
    longest = max(len(tokens) for tokens, _ in rows)
    text = np.zeros((2, len(rows), longest), dtype=np.int64)
    text[1] = -1
    for i, row in enumerate(rows):
        text[:, i, : len(row[0])] = row
    return dataclasses.replace(batch, text_tokens=torch.from_numpy(text[0]), text_nodes=torch.from_numpy(text[1]))
