"""Search: every hypothesis is a spec, scores are the model's, a wide beam finds what greedy finds or better."""

import dataclasses

import pytest
import torch

from microgt.errors import GrammarError
from microgt.model.collate import collate
from microgt.model.decoding import Nodes, beam_search, greedy
from microgt.spec.grammar import GRAMMAR, MAX_ACTIONS, Action, ActionKind


def test_greedy_gives_a_spec_for_each_graph_in_order(nano, make_graph, lexicon):
    graphs = [make_graph(i, words=i + 2, values=i % 2) for i in range(6)]
    found = greedy(nano, collate(graphs, None, lexicon), [g.scope for g in graphs])
    assert len(found) == 6
    for graph, hypothesis in zip(graphs, found, strict=True):
        assert GRAMMAR.decode(hypothesis.actions, graph.scope) == hypothesis.spec
        assert len(hypothesis.actions) <= MAX_ACTIONS


def test_batched_and_alone_are_the_same(nano, make_graph, lexicon):
    graphs = [make_graph(i, words=3 + i) for i in range(4)]
    together = greedy(nano, collate(graphs, None, lexicon), [g.scope for g in graphs])
    for graph, hypothesis in zip(graphs, together, strict=True):
        (alone,) = greedy(nano, collate([graph], None, lexicon), [graph.scope])
        assert alone.actions == hypothesis.actions
        assert alone.log_prob == pytest.approx(hypothesis.log_prob, abs=1e-3)


def test_scores_are_those_of_teacher_forcing(nano, make_graph, lexicon):
    graph = make_graph(3)
    for hypothesis in beam_search(nano, collate([graph], None, lexicon), graph.scope, beam=4):
        batch = collate([graph], [hypothesis.actions], lexicon)
        logp = nano(batch).logits.log_softmax(-1).gather(-1, batch.actions[..., None]).sum()
        assert hypothesis.log_prob == pytest.approx(logp.item(), abs=1e-3)


def test_a_beam_of_one_is_greedy(nano, make_graph, lexicon):
    for seed in range(5):
        graph = make_graph(seed)
        batch = collate([graph], None, lexicon)
        (wide,) = beam_search(nano, batch, graph.scope, beam=1)
        (narrow,) = greedy(nano, batch, [graph.scope])
        assert wide.actions == narrow.actions


def test_hypotheses_are_distinct_and_sorted(nano, make_graph, lexicon):
    graph = make_graph(1)
    found = beam_search(nano, collate([graph], None, lexicon), graph.scope, beam=8)
    assert 1 <= len(found) <= 8
    assert [h.log_prob for h in found] == sorted((h.log_prob for h in found), reverse=True)
    assert len({h.actions for h in found}) == len(found)


class Uniform(torch.nn.Module):
    """A model that finds every legal action equally likely."""

    def start(self, batch):
        return self

    def select(self, rows):
        return self

    def decode_step(self, steps, legal, state):
        return torch.zeros(legal.shape).masked_fill(~legal, -torch.inf).log_softmax(-1).nan_to_num(nan=-torch.inf, neginf=-torch.inf), self


def test_with_an_undecided_model_the_cap_still_ends_every_derivation(make_graph, lexicon):
    graph = make_graph(2)
    batch = collate([graph], None, lexicon)
    for hypothesis in [*greedy(Uniform(), batch, [graph.scope]), *beam_search(Uniform(), batch, graph.scope, beam=20)]:
        assert len(hypothesis.actions) <= MAX_ACTIONS
        assert GRAMMAR.decode(hypothesis.actions, graph.scope) == hypothesis.spec


def test_a_dead_end_is_an_error_not_a_wrong_spec(make_graph, lexicon):
    graph = make_graph(2, columns=1, values=0)

    class NoColumn(Uniform):
        def decode_step(self, steps, legal, state):
            return super().decode_step(steps, legal & (torch.arange(legal.shape[1]) == GRAMMAR.rules.index("Answer")), state)

    batch = collate([graph], None, lexicon)
    with pytest.raises(GrammarError, match="no action is legal at Answer.query"):
        greedy(NoColumn(), batch, [graph.scope])
    with pytest.raises(GrammarError, match="no action is legal"):
        beam_search(NoColumn(), batch, graph.scope)


def test_beam_search_takes_one_graph(nano, make_graph, lexicon):
    batch = collate([make_graph(0), make_graph(1)], None, lexicon)
    with pytest.raises(ValueError, match="it was given 2"):
        beam_search(nano, batch, make_graph(0).scope)
    with pytest.raises(ValueError, match="a beam holds at least 1"):
        beam_search(nano, collate([make_graph(0)], None, lexicon), make_graph(0).scope, beam=0)


def test_pointers_name_the_nodes_they_point_at(nano, make_graph, lexicon):
    graph = make_graph(4)
    sizes = {ActionKind.TABLE: 2, ActionKind.COLUMN: 5, ActionKind.VALUE: 2}
    for hypothesis in beam_search(nano, collate([graph], None, lexicon), graph.scope, beam=6):
        assert all(a.kind is ActionKind.RULE or 0 <= a.index < sizes[a.kind] for a in hypothesis.actions)


@pytest.mark.parametrize(("rule", "barred"), [("Compare.eq", {1}), ("Compare.ne", {1}), ("In/2", {1}), ("Compare.gt", set())])
def test_a_column_equals_only_values_that_it_or_no_column_holds(make_graph, lexicon, rule, barred):
    graph = make_graph(4, columns=3, values=3)
    held = tuple(dataclasses.replace(v, columns=columns) for v, columns in zip(graph.values, ((0,), (1, 2), ()), strict=True))
    graph = dataclasses.replace(graph, values=held)
    batch = collate([graph], None, lexicon)
    nodes = Nodes(batch.kinds[0].numpy(), batch.node_mask[0].numpy(), graph.scope)
    derivation = GRAMMAR.start()
    for name in ("Answer", "Select", 0, "Select.where", rule, 0):
        rules = isinstance(name, str)
        derivation = derivation.push(Action(ActionKind.RULE, GRAMMAR.rules.index(name)) if rules else Action(ActionKind.COLUMN, 0))
    assert {nodes.action(i) for i in nodes.barred(derivation)} == {Action(ActionKind.VALUE, i) for i in barred}
