"""Spans of a question that are, or nearly are, a value of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from microgt.graph.aliases import ALIASES
from microgt.graph.candidate import ValueNode
from microgt.graph.index import LETTERS, LONGEST, ValueIndex
from microgt.graph.words import STOP, Words, stem

_LONGEST_ALIAS = 4
_MOST_HOLDERS = 4  # a word that more values hold says little


def spans(count: int, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Spans of up to `longest` words, longest first."""
    for length in range(min(longest, count), 0, -1):
        for start in range(count - length + 1):
            yield start, start + length


def cells(words: Words, index: ValueIndex, named: Collection[int]) -> Iterator[ValueNode]:
    """Spans that are a dictionary value, exactly or by stems. Inside a longer match, only what is a cell of another column counts."""
    quoted = {i for span, _ in words.quoted for i in range(*span)}
    taken: list[tuple[int, int, set[int]]] = []
    for start, end in spans(len(words.words)):
        part = words.words[start:end]
        if end - start == 1 and not _worth_looking_up(part[0], start in quoted):
            continue
        form = " ".join(w.casefold() for w in part)
        by_stem = form not in index.exact
        forms = index.stems.get(" ".join(stem(w) for w in part), ()) if by_stem else (form,)
        around = set().union(*(held for a, b, held in taken if a <= start and end <= b))
        inside = bool(around)
        if not forms or (inside and start not in quoted and (by_stem or part[0].islower() or index.columns(form) & around)):
            continue
        score = 0.8 + 0.03 * (end - start) - 0.1 * by_stem + 0.1 * (start in quoted) - 0.25 * (inside and start not in quoted)
        if end - start == 1:
            score -= 0.3 * (start in named) + 0.05 * part[0].islower()
        for one in sorted(forms)[:3]:
            taken.append((start, end, index.columns(one)))
            yield from index.nodes(one, (start, end), score)


def _worth_looking_up(word: str, quoted: bool) -> bool:
    if quoted:
        return True
    return word.casefold() not in STOP if not word.isupper() else len(word) > 1 or word not in ("A", "I")


def other_names(words: Words, index: ValueIndex) -> Iterator[ValueNode]:
    """`US` -> United States, `Florida` -> FL, `LA` -> Los Angeles, `John F Kennedy` -> JFK."""
    for start, end in spans(len(words.words), _LONGEST_ALIAS):
        part = words.words[start:end]
        form = " ".join(w.casefold() for w in part)
        short = len(form) <= 3
        if short and not part[0].isupper() and len(part) == 1:
            continue
        for other in ALIASES.get(form, ()):
            if other in index.exact:
                yield from index.nodes(other, (start, end), 0.72)
        if len(part) == 1 and part[0].isupper() and 2 <= len(form) <= 5:
            holders = index.initials.get(form, set())
            for other in sorted(holders) if len(holders) <= _MOST_HOLDERS else ():
                yield from index.nodes(other, (start, end), 0.6)
        elif len(part) > 1 and all(w[0].isupper() for w in part):
            initials = "".join(w[0] for w in part)
            held = index.exact.get(initials.casefold(), {})
            if initials in held:
                yield ValueNode(initials, "cell", (start, end), tuple(sorted(held[initials])), 0.6)


def letters(words: Words, index: ValueIndex) -> Iterator[ValueNode]:
    """`female` -> F, where a column holds little else than such letters."""
    for letter, columns in index.letters.items():
        for i, word in enumerate(words.words):
            if word.lower() in LETTERS[letter.upper()]:
                yield ValueNode(letter, "cell", (i, i + 1), tuple(sorted(columns)), 0.7)


def switches(index: ValueIndex, linked: Mapping[int, int]) -> Iterator[ValueNode]:
    """What says yes and no in the columns that are spoken of. linked: column -> the word that names it, or its table."""
    for column, values in index.switches.items():
        if column in linked:
            for value in values:
                yield ValueNode(value, "cell", (linked[column], linked[column] + 1), (column,), 0.5)


def near_cells(words: Words, index: ValueIndex, covered: Collection[int]) -> Iterator[ValueNode]:
    """Words that are part of a value (`Kennedy` in `John F Kennedy International`), share its beginning (`American`, `America`), begin with
    it (`professor`, `PROF`) or are nearly it (`Mortage`, `Mortgage`)."""
    for i, word in enumerate(words.words):
        form = word.casefold()
        if i in covered or len(form) < 4 or not form.isalpha() or form in STOP:
            continue
        proper = word[0].isupper() and i > 0
        found = _holding(form, index, 0.5 if proper else 0.35) | _beginning(form, index, 0.55 if proper else 0.4)
        if not found and len(form) >= 5:
            found = {near: 0.6 * alike for near, alike in index.fuzzy.near(form)}
        for near, score in found.items():
            yield from index.nodes(near, (i, i + 1), score)


def _holding(form: str, index: ValueIndex, score: float) -> dict[str, float]:
    holders = index.holding.get(stem(form), set())
    return dict.fromkeys(sorted(holders), score) if len(holders) <= _MOST_HOLDERS else {}


def _beginning(form: str, index: ValueIndex, score: float) -> dict[str, float]:
    found = {code: score for k in (3, 4) if len(form) >= k + 3 and (code := form[:k]) in index.codes}
    for near in sorted(index.prefix.get(form[:4], ()))[:6]:
        shared = next((k for k, (a, b) in enumerate(zip(form, near, strict=False)) if a != b), min(len(form), len(near)))
        if shared >= 0.7 * max(len(form), len(near)) - 1 and near != form:
            found[near] = score
    return found
