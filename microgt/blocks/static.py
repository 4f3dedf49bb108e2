"""Tokens as what they mean: word vectors distilled from MiniLM, beside a learnt row and the spelling.

A sentence model reads each word of a vocabulary by itself; what it says, on its first principal axes, is the word's vector (Model2Vec,
Tulkens and van Dongen 2024). Words with the same stem, which is what a graph holds, share the mean of theirs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor, nn

from microgt.blocks.embedding import TokenEmbedder
from microgt.blocks.pretrained import MiniLM
from microgt.files import write_bytes
from microgt.graph.words import stem
from microgt.paths import cache_dir

_WORD = re.compile("[a-z]{2,}")
_BATCH = 512


class StaticEmbedder(TokenEmbedder):
    """As `TokenEmbedder`, plus a frozen vector of size S mapped to W, for the words of training and those of the teacher's vocabulary.

    words: of both. rows: learnt rows, for the most frequent words of training; others share row 0 of them. size: S.
    teacher: sizes of the MiniLM that is installed, as of `microgt.blocks.pretrained.MiniLM`.
    """

    learnt: Tensor

    def __init__(self, *, width: int, words: int, rows: int, grams: int, size: int, teacher: Mapping[str, int], unknown: float = 0.0):
        super().__init__(width=width, words=rows, grams=grams, unknown=unknown)
        self.teacher = dict(teacher)
        self.register_buffer("learnt", torch.tensor(rows))
        self.static_table = nn.Embedding(words, size).requires_grad_(False)
        self.widen = nn.Linear(size, width, bias=False)
        self.register_load_state_dict_post_hook(_check_learnt)

    @staticmethod
    def vocabulary(config: Mapping[str, Any]) -> Sequence[str]:
        """The stems that have a vector. Raises `MissingExtra`."""
        return distilled(config["size"], config["teacher"])[0]

    def load_pretrained(self, lexicon: Any) -> None:
        """Read the vectors; words without one have zeros. lexicon: the run's vocabulary, whose first `trained` words are of training."""
        words, vectors = distilled(self.static_table.embedding_dim, self.teacher)
        table = torch.zeros_like(self.static_table.weight)
        table[[lexicon.id(word) for word in words]] = vectors
        table[0] = 0.0
        self.static_table.weight.data.copy_(table)
        self.learnt.fill_(min(self.word_table.num_embeddings, lexicon.trained))

    def forward(self, ids_T: Tensor, gram_hashes_G: Tensor, gram_offsets_T: Tensor) -> Tensor:
        """As of `TokenEmbedder`."""
        known_T = ids_T * (ids_T < self.learnt)
        return super().forward(known_T, gram_hashes_G, gram_offsets_T) + self.widen(self.static_table(ids_T))


def _check_learnt(embedder: nn.Module, _: Any) -> None:
    """Raise `RuntimeError`, as for weights of another shape, where words would be looked up beyond the rows that there are."""
    assert isinstance(embedder, StaticEmbedder)
    rows = embedder.word_table.num_embeddings
    if not 0 <= int(embedder.learnt) <= rows:
        raise RuntimeError(f"learnt is {int(embedder.learnt)}, and there are {rows} rows")


def distilled(size: int, teacher: Mapping[str, int]) -> tuple[list[str], Tensor]:
    """Stems and their vectors float32 [stems,size], of mean length 1, from the cache when they were made before. Raises `MissingExtra`."""
    file = cache_dir() / "vectors" / f"minilm-{size}-{_key(teacher)}.safetensors"
    if not file.is_file():
        stems, vectors = _distil(size, teacher)
        _write(file, stems, vectors)
    with safe_open(file, "pt") as opened:
        return json.loads(opened.metadata()["stems"]), opened.get_tensor("vectors")


def _key(teacher: Mapping[str, int]) -> str:
    return hashlib.sha256(Path(__file__).read_bytes() + json.dumps(sorted(teacher.items())).encode()).hexdigest()[:12]


def _write(file: Path, stems: list[str], vectors: Tensor) -> None:
    write_bytes(file, save({"vectors": vectors.contiguous()}, {"stems": json.dumps(stems)}))


@torch.no_grad()
def _distil(size: int, teacher: Mapping[str, int]) -> tuple[list[str], Tensor]:
    tokenizer = MiniLM.tokenizer({}, {})
    model = MiniLM(width=1, specials=1, **teacher).eval()
    model.load_pretrained(None)
    pieces = sorted((i, word) for word, i in tokenizer.get_vocab().items() if _WORD.fullmatch(word))
    read = torch.cat([model.read(torch.tensor([[i] for i, _ in pieces[a : a + _BATCH]])) for a in range(0, len(pieces), _BATCH)])
    places: dict[str, int] = {}
    owner = torch.tensor([places.setdefault(stem(word), len(places)) for _, word in pieces])
    sums = torch.zeros(len(places), read.shape[1]).index_add_(0, owner, nn.functional.normalize(read))
    return list(places), _principal(sums / owner.bincount(minlength=len(places))[:, None], size)


def _principal(x: Tensor, size: int) -> Tensor:
    """[n,m] -> [n,size]: the first principal axes, scaled to a mean length of 1."""
    x = x.double() - x.double().mean(0)
    axes = torch.linalg.eigh(x.t() @ x).eigenvectors.flip(1)[:, :size]
    y = x @ axes
    return (y / y.norm(dim=1).mean()).float()
