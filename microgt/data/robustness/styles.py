"""Ways of naming that databases of companies have: cryptic, camel case, verbose, other words."""

from __future__ import annotations

import random
from dataclasses import dataclass

from microgt.data.generator.profile import plural, singular
from microgt.data.robustness.lexicon import Part, lexicon
from microgt.schema.types import Column, Table

_SHORT = {
    "account": "acct", "address": "addr", "amount": "amt", "average": "avg", "balance": "bal", "birth": "bth",
    "building": "bldg", "category": "cat", "code": "cd", "company": "co", "count": "cnt", "country": "ctry",
    "customer": "cust", "date": "dt", "department": "dept", "description": "desc", "employee": "emp", "first": "fst",
    "group": "grp", "identifier": "id", "invoice": "inv", "last": "lst", "location": "loc", "manager": "mgr",
    "name": "nm", "number": "no", "order": "ord", "organization": "org", "payment": "pmt", "phone": "tel",
    "price": "prc", "product": "prod", "quantity": "qty", "reference": "ref", "status": "sts", "student": "stud",
    "temperature": "temp", "transaction": "txn", "type": "typ", "year": "yr",
}  # fmt: skip
_LONG = 4  # letters: shorter words stay


class Cryptic:
    """cust_nm, T_ORD: words cut short, the same way in a whole database, in lower or upper case."""

    def __call__(self, rng: random.Random) -> CrypticNaming:
        return CrypticNaming(rng.choice(("T_", "TBL_", "")), rng.random() < 0.5, rng.random() < 0.5)


@dataclass(frozen=True)
class CrypticNaming:
    """prefix: of tables. vowels: words lose theirs instead of their ends. upper: columns too."""

    prefix: str
    vowels: bool
    upper: bool

    def table(self, table: Table) -> str:
        """T_ORD_ITM."""
        return (self.prefix + self._short([*table.words[:-1], singular(table.words[-1])])).upper()

    def column(self, column: Column, table: Table) -> str:
        """cust_nm."""
        name = self._short(column.words)
        return name.upper() if self.upper else name

    def _short(self, words: list[str] | tuple[str, ...]) -> str:
        return "_".join(_SHORT.get(singular(w), self._cut(w)) for w in words)

    def _cut(self, word: str) -> str:
        if len(word) <= _LONG or not word.isalpha():
            return word
        bare = word[0] + "".join(c for c in word[1:] if c not in "aeiou")
        return bare[: _LONG + 1] if self.vowels and len(bare) > 1 else word[:_LONG]


class CamelCase:
    """customerName in CustomerOrders."""

    def __call__(self, rng: random.Random) -> CamelCase:
        return self

    def table(self, table: Table) -> str:
        """CustomerOrders."""
        return "".join(w.capitalize() for w in table.words)

    def column(self, column: Column, table: Table) -> str:
        """customerName."""
        first, *rest = column.words
        return first + "".join(w.capitalize() for w in rest)


class Verbose:
    """tbl_customer_master_data.recorded_age_of_customer: more words than mean anything."""

    def __call__(self, rng: random.Random) -> VerboseNaming:
        return VerboseNaming(
            rng.choice(("tbl_{t}_master_data", "{t}_information_records", "dim_{t}_current_view")),
            rng.choice(("recorded_{c}_of_{t}", "{t}_{c}_as_entered", "{c}_field_value")),
        )


@dataclass(frozen=True)
class VerboseNaming:
    """Forms of the names; {t} and {c} are the words of the table and of the column."""

    of_table: str
    of_column: str

    def table(self, table: Table) -> str:
        """tbl_customer_master_data."""
        return self.of_table.format(t=_owner(table))

    def column(self, column: Column, table: Table) -> str:
        """recorded_age_of_customer."""
        return self.of_column.format(t=_owner(table), c="_".join(column.words))


def _owner(table: Table) -> str:
    return "_".join([*table.words[:-1], singular(table.words[-1])])


class OtherWords:
    """Synonyms of a half of the lexicon for the words of names, each with probability `p`, the same in a whole database."""

    def __init__(self, part: Part = "all", p: float = 0.7):
        self.part, self.p = part, p

    def __call__(self, rng: random.Random) -> OtherWordsNaming:
        chosen = {head: rng.choice(others).split() for head, others in lexicon(self.part).items() if rng.random() < self.p}
        return OtherWordsNaming(chosen)


@dataclass(frozen=True)
class OtherWordsNaming:
    """chosen: the words of a name -> those instead."""

    chosen: dict[tuple[str, ...], list[str]]

    def table(self, table: Table) -> str:
        """clients."""
        words = self._other([*table.words[:-1], singular(table.words[-1])])
        return "_".join(words if singular(table.words[-1]) == table.words[-1] else [*words[:-1], plural(words[-1])])

    def column(self, column: Column, table: Table) -> str:
        """client_id."""
        return "_".join(self._other(list(column.words)))

    def _other(self, words: list[str]) -> list[str]:
        """The longest entries first, each word exchanged at most once."""
        for size in range(min(3, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                found = self.chosen.get(tuple(words[start : start + size]))
                if found:
                    return [*self._other(words[:start]), *found, *self._other(words[start + size :])]
        return words
