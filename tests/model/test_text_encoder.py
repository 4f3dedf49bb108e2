"""A graph as text: the order, what is read of it and what is not."""

import dataclasses

import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.graph import NodeKind
from microgt.model.collate import collate
from microgt.model.text.encoder import node_means
from microgt.model.text.layout import lay_out, reading_order


@pytest.fixture(scope="module")
def flat(lexicon):
    torch.manual_seed(0)
    overrides = ["model=nano", "arm=flat_grammar", f"size.words={len(lexicon)}"]
    return build(compose("describe", overrides)["model"]).eval()


@pytest.fixture
def graph(make_graph):
    """Two tables with three and two columns; the first value is found in the third column."""
    graph = make_graph(0, words=3, values=3)
    held = (dataclasses.replace(graph.values[0], columns=(2, 1)), *graph.values[1:])
    return dataclasses.replace(graph, values=held)


def test_a_table_stands_before_its_columns_and_a_column_before_its_values(graph):
    words, star, tables, columns, values = [0, 1, 2], [3], [4, 5], [6, 7, 8, 9, 10], [11, 12, 13]
    assert graph.columns == ("t0.c0", "t1.c1", "t0.c2", "t1.c3", "t0.c4")
    first = [tables[0], columns[0], columns[2], values[0], columns[4]]
    assert reading_order(graph) == [*words, *star, *first, tables[1], columns[1], columns[3], *values[1:]]


def test_the_text_is_the_tokens_of_the_nodes_in_that_order(graph, make_graph, lexicon):
    other = make_graph(1, words=9)
    plain = collate([graph, other], None, lexicon)
    batch = lay_out([graph, other], plain)
    token_of = {}
    for g in (graph, other):
        for node in g.tokens:
            for token in node:
                token_of.setdefault(len(token_of), token) if token not in token_of.values() else None
    for i, g in enumerate((graph, other)):
        read = batch.text_nodes[i] >= 0
        assert [token_of[t] for t in batch.text_tokens[i][read].tolist()] == [t for n in reading_order(g) for t in g.tokens[n]]
        assert batch.text_nodes[i][read].tolist() == [n for n in reading_order(g) for _ in g.tokens[n]]
        assert read.tolist() == sorted(read.tolist(), reverse=True)


def test_the_mean_of_a_nodes_positions():
    x = torch.arange(12.0).view(1, 6, 2)
    means = node_means(x, torch.tensor([[2, 0, 0, 2, -1, -1]]), 4)
    assert means.tolist() == [[[3.0, 4.0], [0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]]


def logits(model, graphs, actions, lexicon, **changed):
    batch = model.collate(graphs, actions, lexicon)
    return model(dataclasses.replace(batch, **{name: change(batch) for name, change in changed.items()})).logits


def test_neither_relations_nor_flags_are_read(flat, graph, random_actions, lexicon):
    case = (flat, [graph], [random_actions(graph, 3)], lexicon)
    want = logits(*case)
    torch.testing.assert_close(logits(*case, rel=lambda b: torch.zeros_like(b.rel), flags=lambda b: 1 - b.flags), want)


def test_the_order_of_words_is_read(flat, graph, random_actions, lexicon):
    case = (flat, [graph], [random_actions(graph, 3)], lexicon)
    swapped = dataclasses.replace(graph, tokens=(("order",), ("region",), *graph.tokens[2:]))
    turned = dataclasses.replace(graph, tokens=(("region",), ("order",), *graph.tokens[2:]))
    assert not torch.allclose(logits(flat, [swapped], *case[2:]), logits(flat, [turned], *case[2:]))


def test_padding_changes_nothing(flat, graph, make_graph, random_actions, lexicon):
    graphs = [graph, make_graph(1, words=20, columns=9)]
    actions = [random_actions(g, i) for i, g in enumerate(graphs)]
    alone = logits(flat, graphs[:1], actions[:1], lexicon)[0]
    together = logits(flat, graphs, actions, lexicon)[0, : alone.shape[0], : alone.shape[1]]
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-4)


def test_all_it_has_is_trained(flat, graph, random_actions, lexicon):
    out = flat(flat.collate([graph], [random_actions(graph, 3)], lexicon))
    likely = out.logits.log_softmax(-1).masked_fill(out.logits == -torch.inf, 0.0)
    (likely.sum() + out.item_logits[:, 4:].sum()).backward()
    assert [name for name, p in flat.encoder.named_parameters() if not p.grad.abs().sum() > 0] == []
    flat.zero_grad()


def test_a_batch_without_texts_is_refused(flat, graph, lexicon):
    with pytest.raises(ValueError, match="no texts: collate it with the model's own"):
        flat.encode(collate([graph], None, lexicon))


def test_kinds_are_told(graph, lexicon):
    batch = lay_out([graph], collate([graph], None, lexicon))
    kinds = batch.kinds.gather(1, batch.text_nodes.clamp(min=0))[0].tolist()
    assert [NodeKind(k) for k in dict.fromkeys(kinds)] == [NodeKind.WORD, NodeKind.STAR, NodeKind.TABLE, NodeKind.COLUMN, NodeKind.VALUE]
