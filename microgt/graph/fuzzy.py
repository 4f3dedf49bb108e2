"""Values that are nearly what the question says: few letters apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

ALIKE = 0.6  # Jaccard similarity of letter trigrams
_WORTH_COMPARING = 0.25
_MOST = 8


class Trigrams:
    """Finds those of `forms` that share most letter trigrams with a text."""

    def __init__(self, forms: Sequence[str]):
        self.forms = forms
        places: dict[str, list[int]] = defaultdict(list)
        for i, form in enumerate(forms):
            for gram in _trigrams(form):
                places[gram].append(i)
        self._places = {gram: np.array(found, dtype=np.int32) for gram, found in places.items()}
        self._sizes = np.array([len(_trigrams(form)) for form in forms], dtype=np.int32)

    def near(self, text: str, most: int = 3) -> list[tuple[str, float]]:
        """(form, similarity) of forms that are alike or one typing error away, most alike first."""
        grams = _trigrams(text)
        found = [self._places[g] for g in grams if g in self._places]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self.forms))
        some = np.flatnonzero(shared >= max(2, _WORTH_COMPARING * len(grams)))
        alike = shared[some] / (len(grams) + self._sizes[some] - shared[some])
        best = [(int(some[k]), float(alike[k])) for k in np.argsort(-alike, kind="stable")[:_MOST] if alike[k] >= _WORTH_COMPARING]
        scored = [(self.forms[i], max(share, ALIKE * one_error(text, self.forms[i]))) for i, share in best]
        return sorted(((f, s) for f, s in scored if s >= ALIKE and f != text), key=lambda pair: -pair[1])[:most]


def _trigrams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def one_error(a: str, b: str) -> bool:
    """Whether one letter added, left out or changed, or two neighbours exchanged, makes `a` into `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        return rest_a[1:] == rest_b or rest_b[1:] == rest_a
    return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:])
