"""Tokens as vectors by their spelling alone, or by their row in the vocabulary alone.

A class that wants tokens cut into other pieces than hashed character n-grams has a static method `tokenizer(counts, config)`: how often
each token occurs in training, and the embedder's own configuration -> a HF `Tokenizer`. One that knows words which training does not
has a static method `vocabulary(config)`: they get ids after those of training. One with weights made elsewhere has a method
`load_pretrained(lexicon)`, called when training begins; a checkpoint holds all weights, so that answering needs neither file nor package.

Shapes: T distinct tokens of a batch, G their pieces, P pieces of one token, W width of a token, S width of vectors made elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from torch import Tensor, nn

UNKNOWN = "[UNK]"


class WordEmbedder(nn.Module):
    """A row of the vocabulary; all unknown words share row 0. unknown: share of tokens that lose their row in training."""

    def __init__(self, *, width: int, words: int, unknown: float = 0.0):
        super().__init__()
        self.unknown, self.word_table = unknown, nn.Embedding(words, width)
        nn.init.normal_(self.word_table.weight, std=width**-0.5)

    def forward(self, ids_T: Tensor, pieces_G: Tensor, offsets_T: Tensor) -> Tensor:
        """Vocabulary ids [T], pieces (not read) -> [T,W]."""
        if self.training and self.unknown:
            ids_T = ids_T * (torch.rand(ids_T.shape, device=ids_T.device) >= self.unknown)
        return self.word_table(ids_T)


class SpellingEmbedder(nn.Module):
    """The mean of the vectors of a token's pieces, mapped to width W, and of stand-ins for hidden names, which have no spelling, a row.

    rows: of the table of pieces; the ids of hashed n-grams are reduced to it. size: S. specials: vocabulary ids below it are stand-ins.
    words: not used.
    """

    def __init__(self, *, width: int, rows: int, size: int, specials: int, words: int = 0):
        super().__init__()
        self.rows, self.specials = rows, specials
        self.special_table = nn.Embedding(specials, width)
        self.piece_table = nn.EmbeddingBag(rows, size, mode="mean")
        self.widen = nn.Linear(size, width, bias=False)
        nn.init.normal_(self.special_table.weight, std=width**-0.5)
        nn.init.normal_(self.piece_table.weight, std=size**-0.5)

    def forward(self, ids_T: Tensor, pieces_G: Tensor, offsets_T: Tensor) -> Tensor:
        """Vocabulary ids [T], pieces of all tokens (flat) and where each token's begin [T] -> [T,W]."""
        return self.special_table(ids_T * (ids_T < self.specials)) + self.widen(self.piece_table(pieces_G % self.rows, offsets_T))


class SubwordEmbedder(SpellingEmbedder):
    """Pieces are subwords by byte-pair encoding, learnt from the training questions and schemas (Sennrich et al. 2016)."""

    @staticmethod
    def tokenizer(counts: Mapping[str, int], config: Mapping[str, Any]) -> Tokenizer:
        """At most `rows` pieces."""
        tokenizer = Tokenizer(BPE(unk_token=UNKNOWN))
        trainer = BpeTrainer(vocab_size=config["rows"], special_tokens=[UNKNOWN], show_progress=False)
        tokenizer.train_from_iterator((token for token in sorted(counts) for _ in range(counts[token])), trainer)
        return tokenizer
