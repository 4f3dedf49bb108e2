"""Llama-2 by its sizes (Touvron et al. 2023), without building it: the measure that a model of this project is held against.

A layer: RMSNorm before each part, causal attention with rotary positions, SwiGLU; no biases; the head is not tied to the embedding.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Llama2:
    """Its sizes; the defaults are those of the 7B model. words: size of the vocabulary."""

    layers: int = 32
    dim: int = 4096
    hidden: int = 11_008
    heads: int = 32
    kv_heads: int = 32
    words: int = 32_000

    @property
    def parameters(self) -> dict[tuple[str, str], int]:
        """(part, block) -> count, as of `Description`."""
        attention = 2 * self.dim**2 + 2 * self.dim * (self.dim // self.heads) * self.kv_heads
        return {
            ("embedding", "words"): self.words * self.dim,
            ("layers", "attention"): self.layers * attention,
            ("layers", "feed forward"): self.layers * 3 * self.dim * self.hidden,
            ("layers", "norms"): (2 * self.layers + 1) * self.dim,  # with the last one
            ("head", "words"): self.words * self.dim,
        }

    @property
    def total(self) -> int:
        """All parameters."""
        return sum(self.parameters.values())

    def flops(self, *, prompt: int, answer: int) -> dict[tuple[str, str], int]:
        """Operations of reading a prompt and writing an answer with a cache: 2 for each multiplication with a weight, and attention's own.

        Only the answer's tokens go through the head.
        """
        tokens, count = prompt + answer, self.parameters
        pairs = prompt**2 + sum(range(prompt + 1, tokens + 1))  # the prompt is read at once, all pairs of it
        return {
            ("layers", "attention"): 2 * tokens * count["layers", "attention"] + 4 * self.layers * self.dim * pairs,
            ("layers", "feed forward"): 2 * tokens * count["layers", "feed forward"],
            ("head", "words"): 2 * answer * count["head", "words"],
        }
