"""Make microgt/graph/thesaurus.txt.gz, the words that mean the same, from the files of WordNet 3.0 and the project's own synonyms.

usage: python scripts/make_thesaurus.py DICT

DICT: the folder with data.noun, data.verb and data.adj; in Debian that of the package wordnet-base (/usr/share/wordnet). Needs the extra
`thesaurus`, by which rare words are left out. Of each word the first `SENSES` meanings are taken, which WordNet orders by how common they
are. A line is a meaning: its phrases as stems, separated by commas, then the numbers of the lines that are one step more general.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wordfreq import zipf_frequency  # pyright: ignore[reportMissingImports]

from microgt.data.robustness.lexicon import lexicon
from microgt.files import write_bytes
from microgt.graph.thesaurus import FILE, LONGEST
from microgt.graph.words import STOP, stem

PARTS = {"noun": "n", "verb": "v", "adj": "a"}
SENSES = 4
RARE = 2.5, 3.5  # Zipf's scale: a word alone is left out below the first, one of a phrase of several below the second
_MORE_GENERAL = "@"  # not "@i": Paris is no kind of city


class Meaning(NamedTuple):
    """A set of synonyms. phrases: stems. general: keys of meanings one step more general."""

    phrases: tuple[tuple[str, ...], ...]
    general: tuple[str, ...]


def meanings(folder: Path) -> dict[str, Meaning]:
    """All of WordNet's, by part of speech and place in its file."""
    return {key: meaning for part, letter in PARTS.items() for key, meaning in _read(folder / f"data.{part}", letter)}


def _read(file: Path, letter: str) -> Iterator[tuple[str, Meaning]]:
    """Lines as wndb(5WN) describes them: place, file, kind, number of words (hexadecimal), words, number of pointers, pointers, gloss."""
    for line in file.read_text(encoding="latin-1").splitlines():
        if line.startswith("  "):  # the licence
            continue
        fields = line.partition("|")[0].split()
        count = int(fields[3], 16)
        words = [re.sub(r"\(.*\)", "", word) for word in fields[4 : 4 + 2 * count : 2]]
        first = 5 + 2 * count
        pointers = [fields[first + 4 * i : first + 4 * i + 3] for i in range(int(fields[first - 1]))]
        general = tuple(f"{kind}{place}" for sign, place, kind in pointers if sign == _MORE_GENERAL)
        yield f"{letter}{fields[0]}", Meaning(tuple(dict.fromkeys(_stems(word) for word in words if _is_common(word))), general)


def _is_common(word: str) -> bool:
    parts = re.split(r"[_\-]", word)
    return word.islower() and all(zipf_frequency(part, "en") >= RARE[len(parts) > 1] for part in parts)


def _stems(word: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in re.split(r"[_\-]", word) if part)


def common(folder: Path) -> dict[tuple[tuple[str, ...], str], None]:
    """(phrase, key) of the first meanings of each phrase."""
    found = {}
    for part, letter in PARTS.items():
        for line in (folder / f"index.{part}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                places = fields[-int(fields[2]) :]
                found |= dict.fromkeys((_stems(fields[0]), f"{letter}{place}") for place in places[:SENSES])
    return found


def lines(folder: Path) -> list[str]:
    """Of WordNet's meanings, those that have something to say of a schema; then the project's own."""
    every, kept = meanings(folder), common(folder)
    phrases = {key: [p for p in m.phrases if (p, key) in kept and _says_something(p)] for key, m in every.items()}
    parents = {general for key, meaning in every.items() if phrases[key] for general in meaning.general}
    told = [key for key in every if len(phrases[key]) > 1 or (phrases[key] and (key in parents or every[key].general))]
    place = {key: i for i, key in enumerate(told)}
    made = [_line(phrases[key], [place[g] for g in every[key].general if g in place]) for key in told]
    own = [_line([tuple(map(stem, head)), *(_stems(o.replace(" ", "_")) for o in others)], []) for head, others in lexicon("all").items()]
    return made + own


def _says_something(phrase: tuple[str, ...]) -> bool:
    return 0 < len(phrase) <= LONGEST and all(word.isalpha() for word in phrase) and not set(phrase) <= STOP and len("".join(phrase)) > 2


def _line(phrases: list[tuple[str, ...]], general: list[int]) -> str:
    return f"{','.join(' '.join(p) for p in phrases)};{','.join(map(str, general))}"


def main() -> int:
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "data.noun").is_file():
        print(__doc__, file=sys.stderr)
        return 2
    made = lines(Path(sys.argv[1]))
    packed = gzip.compress("\n".join(made).encode(), mtime=0)
    print(f"{write_bytes(FILE, packed)}: {len(made)} meanings, {len(packed) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
