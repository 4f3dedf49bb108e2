"""The vocabulary: frequency, stability, spelling, what is refused."""

import pytest

from microgt.errors import CheckpointError
from microgt.model.lexicon import NONCES, Lexicon


def test_rare_tokens_are_unknown_and_order_is_by_frequency():
    lexicon = Lexicon.from_tokens([("b", "a"), ("b", "a"), ("b", "rare")])
    assert [lexicon.id(t) for t in ("[UNK]", NONCES[0], "b", "a", "rare")] == [0, 1, len(NONCES) + 1, len(NONCES) + 2, 0]
    assert len(lexicon) == len(NONCES) + 3


def test_spelling_is_hashed_alike_everywhere():
    lexicon = Lexicon.from_tokens([])
    assert lexicon.pieces("ab").tolist() == [225091444, 553544843, 1141255580]  # crc32 of <ab, ab>, <ab>
    assert len(lexicon.pieces("order")) == 5 + 4 + 3
    assert len(lexicon.pieces(NONCES[3])) == 0


def test_round_trip_through_a_file(tmp_path):
    lexicon = Lexicon.from_tokens([("año", "x'y"), ("año", "x'y")])
    lexicon.save(tmp_path / "tokenizer.json")
    again = Lexicon.load(tmp_path / "tokenizer.json")
    assert len(again) == len(lexicon)
    assert again.id("año") == lexicon.id("año") > 0
    assert again.to_json() == lexicon.to_json()


@pytest.mark.parametrize("text", ["", "{}", "[1", '{"version": "1.0"}'])
def test_a_damaged_vocabulary_is_refused(text):
    with pytest.raises(CheckpointError, match="vocabulary"):
        Lexicon.from_json(text)


def test_another_vocabulary_is_refused():
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    with pytest.raises(CheckpointError, match="not one of microgt"):
        Lexicon.from_json(Tokenizer(WordLevel({"a": 0}, unk_token="a")).to_str())
