"""Vectors distilled from a tiny MiniLM, and the embedder that reads them."""

import pytest
import torch

from microgt.blocks.static import StaticEmbedder, distilled
from microgt.errors import MissingExtra
from microgt.graph.words import stem
from microgt.model.lexicon import Lexicon
from tests.blocks.minilm import SIZES, write_minilm

W = 6
TEACHER = {**SIZES, "start": 2, "end": 3}
CONFIG = {"_target_": "microgt.blocks.static.StaticEmbedder", "size": 2, "teacher": TEACHER}


@pytest.fixture
def teacher(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.syspath_prepend(tmp_path)
    write_minilm(tmp_path, pieces=("[PAD]", "[UNK]", "[CLS]", "[SEP]", "orders", "order", "region", "cust", "##om", "a", "##b", "paid"))


def embedder(lexicon, **options):
    return StaticEmbedder(width=W, words=len(lexicon), rows=70, grams=16, size=2, teacher=TEACHER, **options)


def test_a_stem_has_one_vector_and_all_are_of_mean_length_one(teacher):
    words, vectors = distilled(2, TEACHER)
    assert words == [stem("order"), stem("region"), stem("cust"), stem("paid")]  # no pieces, no single letters, no special tokens
    assert vectors.shape == (4, 2)
    assert vectors.norm(dim=1).mean().item() == pytest.approx(1.0, abs=1e-5)
    torch.testing.assert_close(vectors.mean(0), torch.zeros(2), atol=1e-5, rtol=0)


def test_the_axes_keep_as_much_of_the_distances_as_any(teacher):
    """With as many axes as words the distances are all there; they are scaled alike."""
    _, whole = distilled(4, TEACHER)
    _, two = distilled(2, TEACHER)
    factor = two.norm() / whole[:, :2].norm()
    torch.testing.assert_close(two.abs(), factor * whole[:, :2].abs(), atol=1e-4, rtol=1e-3)


def test_vectors_are_read_once_and_come_from_the_cache_without_the_package(teacher, tmp_path, monkeypatch):
    first = distilled(2, TEACHER)[1]
    monkeypatch.setattr("microgt.blocks.pretrained._PACKAGE", "no_such_package")
    torch.testing.assert_close(distilled(2, TEACHER)[1], first)
    with pytest.raises(MissingExtra, match="minilm"):
        distilled(3, TEACHER)


def test_words_of_training_come_first_and_the_teachers_have_ids_too(teacher):
    lexicon = Lexicon.from_tokens([("order", "zebra")] * 2, embedder=CONFIG)
    assert lexicon.trained == lexicon.id("zebra") + 1
    assert lexicon.id(stem("region")) >= lexicon.trained
    assert lexicon.id("order") < lexicon.trained  # known to both: once
    assert Lexicon.from_json(lexicon.to_json()).id(stem("region")) == lexicon.id(stem("region"))


def test_further_words_have_the_row_of_unknown_words_and_their_own_vector(teacher):
    lexicon = Lexicon.from_tokens([("order", "zebra")] * 2, embedder=CONFIG)
    module = embedder(lexicon).eval()
    module.load_pretrained(lexicon)
    words, vectors = distilled(2, TEACHER)
    ids = torch.tensor([lexicon.id(w) for w in ("order", "zebra", stem("region"), "nothing")])
    got = module(ids, torch.zeros(0, dtype=torch.long), torch.zeros(4, dtype=torch.long))
    known = dict(zip(words, vectors, strict=True))
    want = [
        module.word_table.weight[ids[0]] + module.widen.weight @ known["order"],
        module.word_table.weight[ids[1]],
        module.word_table.weight[0] + module.widen.weight @ known[stem("region")],
        module.word_table.weight[0],
    ]
    torch.testing.assert_close(got, torch.stack(want))
    got.sum().backward()
    assert module.static_table.weight.grad is None
    again = embedder(lexicon)
    again.load_state_dict(module.state_dict())
    assert again.learnt == lexicon.trained


def test_weights_that_would_look_words_up_beyond_the_rows_do_not_fit(teacher):
    made = embedder(Lexicon.from_tokens([], embedder=CONFIG))
    weights = {**made.state_dict(), "learnt": torch.tensor(71)}
    with pytest.raises(RuntimeError, match="learnt is 71, and there are 70 rows"):
        made.load_state_dict(weights)
