"""From tokens to numbers: a vocabulary, and for spelling hashes of character n-grams or the ids of subwords."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from microgt.build import locate
from microgt.errors import CheckpointError
from microgt.model.text.spelling import Pieces

UNKNOWN = "[UNK]"
# Stand-ins for names that training hides (see training/augment.py): rows of the vocabulary without a spelling.
NONCES: tuple[str, ...] = tuple(f"[N{i}]" for i in range(64))
_SPECIAL = (UNKNOWN, *NONCES)
_LENGTHS = (3, 4, 5)
_PARTS = ("words", "subwords", "output")


class Lexicon:
    """A vocabulary kept as a HF `tokenizers` WordLevel model. Ids: 0 unknown, then the nonces, then words by frequency, then further ones.

    trained: the ids below it are of training. Only the vocabulary that training makes knows it.
    subwords: what tokens are cut into; None: hashed character n-grams. output: what specs are spelled in; None: a model writes actions.
    """

    def __init__(self, tokenizer: Tokenizer, subwords: Tokenizer | None = None, output: Pieces | None = None):
        self.tokenizer, self.subwords, self.output = tokenizer, subwords, output
        self._ids: dict[str, int] = tokenizer.get_vocab()
        if any(self._ids.get(name) != i for i, name in enumerate(_SPECIAL)):
            raise CheckpointError("the vocabulary is not one of microgt: its first entries are not the unknown word and the nonces")
        self._pieces: dict[str, np.ndarray] = {}
        self.trained = len(self._ids)

    @classmethod
    def from_tokens(cls, nodes: Iterable[Iterable[str]], min_frequency: int = 2, embedder: Mapping[str, Any] | None = None) -> Lexicon:
        """The vocabulary of tokens that occur at least `min_frequency` times.

        embedder: the configuration of what embeds tokens; its class may know further words, and how tokens are cut
        (`microgt.blocks.spelling`).
        """
        counts = Counter(token for node in nodes for token in node)
        for name in _SPECIAL:
            counts.pop(name, None)
        words = sorted((w for w, n in counts.items() if n >= min_frequency), key=lambda w: (-counts[w], w))
        kind = locate(embedder["_target_"]) if embedder else None
        cut, further = getattr(kind, "tokenizer", None), getattr(kind, "vocabulary", None)
        known = dict.fromkeys((*_SPECIAL, *words, *(further(embedder) if further else ())))
        ids = {word: i for i, word in enumerate(known)}
        lexicon = cls(Tokenizer(WordLevel(ids, unk_token=UNKNOWN)), cut(counts, embedder) if cut else None)
        lexicon.trained = len(_SPECIAL) + len(words)
        return lexicon

    def extended(self, nodes: Iterable[Iterable[str]], min_frequency: int = 2) -> Lexicon:
        """This vocabulary with the tokens that it lacks and that occur at least `min_frequency` times behind it, by frequency."""
        counts = Counter(token for node in nodes for token in node if token not in self._ids)
        new = sorted((w for w, n in counts.items() if n >= min_frequency), key=lambda w: (-counts[w], w))
        ids = {**self._ids, **{word: i for i, word in enumerate(new, len(self._ids))}}
        return Lexicon(Tokenizer(WordLevel(ids, unk_token=UNKNOWN)), self.subwords, self.output)

    @classmethod
    def from_json(cls, text: str) -> Lexicon:
        """From the content of tokenizer.json. Raises `CheckpointError`."""
        try:
            parts = json.loads(text)
            if "words" not in parts:
                return cls(Tokenizer.from_str(text))
            words, subwords, output = (Tokenizer.from_str(json.dumps(p)) if (p := parts.get(name)) else None for name in _PARTS)
            assert words is not None
            return cls(words, subwords, output and Pieces(output))
        except Exception as error:  # tokenizers raises bare Exception
            raise CheckpointError(f"the vocabulary cannot be read: {error}") from error

    @classmethod
    def load(cls, path: str | Path) -> Lexicon:
        """From a tokenizer.json. Raises `CheckpointError`; `OSError` when there is no such file."""
        return cls.from_json(Path(path).read_text(encoding="utf-8"))

    def to_json(self) -> str:
        """The content of tokenizer.json: the vocabulary, or all tokenizers as `words`, `subwords` and `output`."""
        tokenizers = (self.tokenizer, self.subwords, None if self.output is None else self.output.tokenizer)
        parts = {name: json.loads(t.to_str()) for name, t in zip(_PARTS, tokenizers, strict=True) if t is not None}
        return self.tokenizer.to_str() if len(parts) == 1 else json.dumps(parts)

    def save(self, path: str | Path) -> Path:
        """Write tokenizer.json."""
        Path(path).write_text(self.to_json(), encoding="utf-8")
        return Path(path)

    def __len__(self) -> int:
        return len(self._ids)

    def id(self, token: str) -> int:
        """Its row in the vocabulary; 0 when it has none."""
        return self._ids.get(token, 0)

    def pieces(self, token: str) -> np.ndarray:
        """int64 [g]: crc32 of its character 3- to 5-grams with the ends marked, or its subwords; none for nonces and the unknown word."""
        found = self._pieces.get(token)
        if found is None:
            found = self._pieces[token] = np.array([] if token in _SPECIAL else self._cut(token), dtype=np.int64)
        return found

    def _cut(self, token: str) -> list[int]:
        return _grams(token) if self.subwords is None else self.subwords.encode(token, add_special_tokens=False).ids


def _grams(token: str) -> list[int]:
    marked = f"<{token}>"
    return [zlib.crc32(marked[i : i + n].encode()) for n in _LENGTHS for i in range(len(marked) - n + 1)]
