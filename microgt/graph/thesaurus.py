"""Words that mean the same, or one of which is more general: WordNet 3.0 (Miller 1995) and the project's own synonyms, as stems.

The file is made by scripts/make_thesaurus.py.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from microgt.graph.words import stem

FILE = Path(__file__).with_name("thesaurus.txt.gz")
LONGEST = 3  # words of a phrase
SAME, NEAR = 1, 2  # the same meaning; one step more or less general


class Thesaurus:
    """Phrases (stems, joined by blanks) by their meanings. lines: `phrase,phrase;numbers of the lines that are more general`."""

    def __init__(self, lines: Sequence[str]):
        self._phrases = [line.partition(";")[0].split(",") for line in lines]
        self._around: dict[int, list[int]] = defaultdict(list)
        self._meanings: dict[str, list[int]] = defaultdict(list)
        for i, line in enumerate(lines):
            for phrase in self._phrases[i]:
                self._meanings[phrase].append(i)
            for general in map(int, line.partition(";")[2].split(",") if line[-1] != ";" else ()):
                self._around[i].append(general)
                self._around[general].append(i)
        self._kin: dict[str, Mapping[str, int]] = {}

    def __contains__(self, phrase: str) -> bool:
        """Whether it is in any line."""
        return phrase in self._meanings

    def kin(self, phrase: str) -> Mapping[str, int]:
        """Other phrase -> `SAME` or `NEAR`."""
        found = self._kin.get(phrase)
        if found is None:
            found = self._kin[phrase] = self._found(phrase)
        return found

    def words(self) -> dict[str, list[str]]:
        """Of each phrase of one word the others that mean the same."""
        single = (phrase for phrase in self._meanings if " " not in phrase)
        found = {word: sorted(o for o, degree in self.kin(word).items() if degree == SAME and _is_word(o)) for word in single}
        return {word: others for word, others in found.items() if others}

    def _found(self, phrase: str) -> dict[str, int]:
        own = self._meanings.get(phrase, ())
        near = {other: NEAR for i in own for j in self._around.get(i, ()) for other in self._phrases[j]}
        found = near | {other: SAME for i in own for other in self._phrases[i]}
        found.pop(phrase, None)
        return found


def _is_word(phrase: str) -> bool:
    """Whether it is one word, and one that is read as itself: a few stems have another stem."""
    return " " not in phrase and stem(phrase) == phrase


@cache
def thesaurus() -> Thesaurus:
    """That of microgt, read when it is first needed."""
    return Thesaurus(gzip.decompress(FILE.read_bytes()).decode().split("\n"))


def same_words() -> dict[str, list[str]]:
    """Of each word that microgt's thesaurus has (as stems) the others that mean the same."""
    return thesaurus().words()
