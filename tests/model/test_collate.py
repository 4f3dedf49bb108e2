"""Batches: padding, offsets, targets that agree with a derivation."""

import time

import numpy as np
import pytest
import torch

from microgt.errors import GrammarError
from microgt.graph import NodeKind
from microgt.model.collate import RULES, collate
from microgt.spec.grammar import GRAMMAR, Action, ActionKind


def test_shapes_and_padding(make_graph, lexicon):
    graphs = [make_graph(0, words=3), make_graph(1, words=9, values=0)]
    batch = collate(graphs, None, lexicon)
    n = max(len(g.tokens) for g in graphs)
    assert batch.kinds.shape == (2, n)
    assert batch.rel.shape == (2, n, n)
    assert batch.rel.dtype == torch.uint8
    assert batch.node_mask.sum(1).tolist() == [len(g.tokens) for g in graphs]
    assert batch.rel[0][~batch.node_mask[0]].sum() == 0
    assert np.array_equal(batch.rel[1].numpy(), graphs[1].relations)
    assert batch.kinds[0, :5].tolist() == [NodeKind.WORD] * 3 + [NodeKind.STAR, NodeKind.TABLE]
    assert batch.actions is None
    assert len(batch) == 2


def test_every_node_finds_its_tokens(make_graph, lexicon):
    graphs = [make_graph(0), make_graph(1, words=2)]
    batch = collate(graphs, None, lexicon)
    n = batch.kinds.shape[1]
    ends = [*batch.node_offsets.tolist()[1:], len(batch.node_tokens)]
    names = list(dict.fromkeys(t for g in graphs for node in g.tokens for t in node))
    for place, (start, end) in enumerate(zip(batch.node_offsets.tolist(), ends, strict=True)):
        graph, node = graphs[place // n], place % n
        want = graph.tokens[node] if node < len(graph.tokens) else ()
        assert tuple(names[t] for t in batch.node_tokens[start:end].tolist()) == want
    assert batch.token_ids.tolist() == [lexicon.id(t) for t in names]
    lengths = np.diff([*batch.ngram_offsets.tolist(), len(batch.ngram_ids)])
    assert lengths.tolist() == [len(lexicon.pieces(t)) for t in names]


@pytest.mark.parametrize("seed", range(20))
def test_targets_agree_with_the_derivation(make_graph, random_actions, lexicon, seed):
    graphs = [make_graph(seed), make_graph(seed + 1, words=3, columns=2)]
    targets = [random_actions(g, seed + i) for i, g in enumerate(graphs)]
    batch = collate(graphs, targets, lexicon)
    for i, (graph, actions) in enumerate(zip(graphs, targets, strict=True)):
        derivation = GRAMMAR.start()
        names = [None] * len(graph.words) + [None, *graph.tables, *graph.columns, *(v.value for v in graph.values)]
        for step, action in enumerate(actions):
            place = (batch.slots[i, step], batch.parents[i, step], batch.depths[i, step])
            assert place == (derivation.slot, derivation.parent, derivation.depth)
            legal = derivation.legal()
            assert set(batch.legal[i, step, :RULES].nonzero()[:, 0].tolist()) == set(legal.rules)
            allowed = {int(batch.kinds[i, n]) for n in batch.legal[i, step, RULES:].nonzero()[:, 0].tolist()}
            counts = {k: getattr(graph, f"{k.name.lower()}s") for k in legal.pointers}
            assert allowed == {NodeKind[k.name] for k, nodes in counts.items() if nodes}
            joint = int(batch.actions[i, step])
            if action.kind is ActionKind.RULE:
                assert joint == action.index
            else:
                scope = {ActionKind.TABLE: graph.tables, ActionKind.COLUMN: graph.columns, ActionKind.VALUE: graph.scope.values}
                assert names[joint - RULES] == scope[action.kind][action.index]
                assert batch.used[i, joint - RULES] == 1
            assert batch.legal[i, step, joint]
            derivation = derivation.push(action)
        assert batch.action_mask[i].sum() == len(actions)
        assert batch.legal[i, len(actions) :].sum() == batch.legal.shape[1] - len(actions)


def test_the_table_of_a_used_column_is_used(make_graph, lexicon):
    graph = make_graph()
    rule = {name: i for i, name in enumerate(GRAMMAR.rules)}
    actions = [Action(ActionKind.RULE, rule[r]) for r in ("Answer", "Select")]
    actions += [Action(ActionKind.COLUMN, 1), Action(ActionKind.RULE, rule["Select.end"])]
    used = collate([graph], [actions], lexicon).used
    first_table = len(graph.words) + 1
    assert used[0].nonzero()[:, 0].tolist() == [first_table + 1, first_table + len(graph.tables) + 1]


def test_an_illegal_target_is_named(make_graph, lexicon):
    with pytest.raises(GrammarError, match="Select is not legal at Spec"):
        collate([make_graph()], [[Action(ActionKind.RULE, GRAMMAR.rules.index("Select"))]], lexicon)


def test_collating_is_fast(make_graph, random_actions, lexicon):
    graphs = [make_graph(i, words=12, tables=6, columns=40, values=5) for i in range(32)]
    few = [random_actions(graphs[0], seed) for seed in range(4)]
    targets = few * 8
    collate(graphs, targets, lexicon)  # fills the caches
    started = time.process_time()
    for _ in range(5):
        collate(graphs, targets, lexicon)
    assert (time.process_time() - started) / 5 < 0.05  # about 5 ms on an idle core
