"""Links by meaning: ids of relations from cosines of frozen vectors."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from microgt.blocks.links import GraphLinks, MeaningLinks
from microgt.errors import ConfigError
from microgt.graph.relations import Relation
from microgt.graph.words import STOP, stem

R = Relation
NEAR = (0.9, 0.5)
FIRST = 64  # behind the relations of the graph
# Vocabulary: 0 unknown, 1 "wage", 2 "salary" (cosine 0.96 with wage), 3 "pay" (0.6 with wage), 4 "album" (0), 5 "the" (as wage).
VECTORS = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.96, 0.28], [0.3, 0.4], [0.0, 5.0], [1.0, 0.0]])
WAGE, SALARY, PAY, ALBUM, THE = 1, 2, 3, 4, 5


def tokens(vectors=VECTORS):
    embedder = nn.Module()
    embedder.static_table = nn.Embedding.from_pretrained(vectors)
    return embedder


def links():
    module = MeaningLinks(near=NEAR)
    module.load_pretrained(SimpleNamespace(id=lambda word: THE if word == stem("the") else 0))
    return module


def related(nodes, rel, module=None):
    """nodes: the ids of each node's tokens, of one graph. rel: [N,N]. What comes out, as a list."""
    flat = torch.tensor([i for node in nodes for i in node])
    ids, places = flat.unique(return_inverse=True)
    offsets = torch.tensor([sum(map(len, nodes[:i])) for i in range(len(nodes))])
    given = torch.tensor(rel, dtype=torch.uint8)[None]
    out = (module or links())(tokens(), ids, places, offsets, given)
    assert out.dtype == torch.uint8
    assert out.shape == given.shape
    return out[0].tolist()


def pair(word, name, there=R.QC_NONE, back=R.CQ_NONE):
    """Both relations of a word and a name."""
    out = related([[word], name], [[R.Q_SAME, there], [back, R.CC_SAME]])
    assert (out[0][0], out[1][1]) == (R.Q_SAME, R.CC_SAME)
    return out[0][1], out[1][0]


def test_the_nearer_of_two_degrees_has_the_lower_id_in_both_directions():
    assert pair(WAGE, [SALARY]) == (FIRST, FIRST + 2)
    assert pair(WAGE, [PAY]) == (FIRST + 1, FIRST + 3)
    assert pair(WAGE, [SALARY], R.QT_NONE, R.TQ_NONE) == (FIRST + 4, FIRST + 6)
    assert pair(WAGE, [PAY], R.QT_NONE, R.TQ_NONE) == (FIRST + 5, FIRST + 7)


def test_a_name_is_as_near_as_its_nearest_word():
    assert pair(WAGE, [ALBUM, PAY, SALARY]) == (FIRST, FIRST + 2)
    assert pair(WAGE, [ALBUM, PAY]) == (FIRST + 1, FIRST + 3)
    assert pair(WAGE, [ALBUM]) == (R.QC_NONE, R.CQ_NONE)


def test_links_of_the_graph_and_other_relations_stay():
    assert pair(WAGE, [SALARY], R.QC_VALUE, R.CQ_VALUE) == (R.QC_VALUE, R.CQ_VALUE)
    assert pair(WAGE, [SALARY], R.CC_NONE, R.CC_NONE) == (R.CC_NONE, R.CC_NONE)
    assert pair(WAGE, [SALARY], R.PAD, R.PAD) == (R.PAD, R.PAD)


def test_words_without_a_vector_and_words_that_mean_no_thing_are_linked_to_nothing():
    assert pair(0, [SALARY]) == (R.QC_NONE, R.CQ_NONE)
    assert pair(THE, [WAGE]) == (R.QC_NONE, R.CQ_NONE)


def test_each_graph_of_a_batch_sees_its_own_names():
    flat, offsets = torch.tensor([0, 1, 0, 2]), torch.tensor([0, 1, 2, 3])
    rel = torch.tensor([[R.Q_SAME, R.QC_NONE], [R.CQ_NONE, R.CC_SAME]], dtype=torch.uint8).repeat(2, 1, 1)
    out = links()(tokens(), torch.tensor([WAGE, SALARY, ALBUM]), flat, offsets, rel)
    assert out[:, 0, 1].tolist() == [FIRST, R.QC_NONE]


def test_links_of_the_graph_alone_are_the_graphs():
    rel = torch.randint(0, 64, (2, 3, 3), dtype=torch.uint8)
    assert GraphLinks()(nn.Module(), torch.tensor([0]), torch.tensor([0]), torch.tensor([0]), rel) is rel


def test_every_stop_word_has_a_place():
    module = MeaningLinks()
    module.load_pretrained(SimpleNamespace(id=lambda word: 7))
    assert module.silent.tolist() == [7] * len(STOP)


def test_wrong_settings_are_refused():
    with pytest.raises(ConfigError, match="greatest to the least"):
        MeaningLinks(near=(0.4, 0.7))
    with pytest.raises(ConfigError, match="tokens=static"):
        MeaningLinks()(nn.Module(), torch.tensor([0]), torch.tensor([0]), torch.tensor([0]), torch.zeros(1, 1, 1, dtype=torch.uint8))
