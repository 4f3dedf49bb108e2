"""Other words for the words that names of tables and columns are made of."""

from __future__ import annotations

from collections.abc import Sequence

# Groups of nouns of which each may stand for the others in a question about a database.
_ALIKE = (
    "student pupil", "teacher instructor", "employee worker", "customer client buyer", "company firm business", "product item good",
    "movie film", "song track", "singer vocalist", "car automobile vehicle", "aircraft plane airplane", "city town", "country nation",
    "county district", "address residence", "phone telephone", "email mail", "price cost", "salary pay wage", "revenue income", "age years",
    "location place", "building structure", "apartment flat", "shop store", "order purchase", "payment transaction", "department division",
    "manager boss", "head leader", "member participant", "player athlete", "team club squad", "match game", "race competition", "author writer",
    "book publication", "paper article", "journal periodical", "school academy", "course class", "grade mark", "score points", "rank position",
    "doctor physician", "patient case", "hotel inn", "restaurant eatery", "trip journey", "flight departure", "ship vessel", "festival event",
    "status state", "type kind", "category class", "description details", "title heading", "language tongue", "gender sex", "date day",
    "capacity size", "population inhabitants", "height elevation", "weight mass", "length duration", "distance range", "rating evaluation",
    "policy contract", "claim demand", "document file", "staff personnel", "party organization", "nationality citizenship", "owner holder",
)  # fmt: skip
_TABLE: dict[str, tuple[str, ...]] = {}
for _group in _ALIKE:
    for _word in _group.split():
        _TABLE.setdefault(_word, tuple(w for w in _group.split() if w != _word))


def synonyms(word: str) -> Sequence[str]:
    """Other words for a noun in the singular; none for a word that is not known."""
    return _TABLE.get(word, ())


def no_synonyms(word: str) -> Sequence[str]:
    """Names as they are."""
    return ()
