"""One database of an organisation: which tables and columns it has and what they are named there."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from microgt.data.generator.profile import singular
from microgt.data.generator.vocabulary import Vocabulary
from microgt.data.invented.domain import DATES, NAMING, Domain, Entity, Field
from microgt.data.invented.places import COUNTRIES

_KEEPS_TABLE, _KEEPS_COLUMN, _CODED, _ISO, _YES_NO, _DECLARED = 0.75, 0.82, 0.25, 0.5, 0.2, 0.5
_LETTERS = 3  # of a code that stands for a word


@dataclass(frozen=True)
class ColumnDesign:
    """A column. of: what it is of the description. target: of a key. stored: value of the description -> as this database has it."""

    name: str
    of: Field
    target: str = ""
    stored: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TableDesign:
    """A table. plain: the words of its name, joined by `_`. key: its primary key. coded: keys are texts."""

    name: str
    plain: str
    of: Entity
    key: str
    coded: bool
    columns: tuple[ColumnDesign, ...]


@dataclass(frozen=True)
class Design:
    """A database. declared: it says its keys."""

    name: str
    tables: tuple[TableDesign, ...]
    declared: bool

    def words(self) -> Vocabulary:
        """What people call its tables, columns and values."""
        names: dict[str, Sequence[str]] = {t.name: t.of.nouns for t in self.tables}
        verbs: dict[str, Sequence[str]] = {}
        values: dict[str, dict[str, str]] = {}
        for table in self.tables:
            for column in table.columns:
                id = f"{table.name}.{column.name}"
                names[id] = column.of.called
                if column.of.kind in DATES:
                    verbs[id] = column.of.more
                if column.stored:
                    values[id] = {stored: said for said, stored in column.stored.items()}
        return Vocabulary(names, verbs, values)


def design(domain: Domain, number: int, seed: int) -> Design:
    """The database `number` of an organisation, the same for the same seed."""
    rng = random.Random(f"{domain.name}:{number}:{seed}")
    naming, key_of = rng.choice(_NAMINGS), rng.choice(_KEYS)
    kept: dict[str, TableDesign] = {}
    for entity in domain.entities:
        if not _left_out(entity, domain, kept, rng):
            kept[entity.name] = _table(entity, kept, naming, key_of, rng)
    return Design(f"{domain.name}_{number}", tuple(kept.values()), rng.random() < _DECLARED)


def plain(domain: Domain) -> Design:
    """The database that has all that is described, under the first name of each, and says its keys."""
    kept: dict[str, TableDesign] = {}
    for entity in domain.entities:
        key = f"{singular(entity.tables[0])}_id"
        columns = [
            ColumnDesign(_link_name(f, kept[f.target], "{}_id".format) if f.kind == "link" else f.names[0], f, f.target)
            for f in entity.fields
        ]
        kept[entity.name] = TableDesign(entity.tables[0], entity.tables[0], entity, key, False, tuple(columns))
    return Design(domain.name, tuple(kept.values()), True)


def _left_out(entity: Entity, domain: Domain, kept: dict[str, TableDesign], rng: random.Random) -> bool:
    """Tables whose parents are left out, and now and then one that no other needs."""
    needed = {f.target for e in domain.entities for f in e.fields if f.kind == "link"}
    targets = {f.target for f in entity.fields if f.kind == "link"}
    return not targets <= kept.keys() or (entity.name not in needed and rng.random() > _KEEPS_TABLE)


def _table(entity: Entity, kept: dict[str, TableDesign], naming: Naming, key_of: Key, rng: random.Random) -> TableDesign:
    plain = rng.choice(entity.tables)
    key = naming.column(key_of(singular(plain)))
    taken, columns = {key.lower()}, []
    for of in entity.fields:
        if of.kind not in (*NAMING, "link", "date", "time") and rng.random() > _KEEPS_COLUMN:
            continue
        name = naming.column(_link_name(of, kept[of.target], key_of) if of.kind == "link" else rng.choice(of.names))
        if name.lower() not in taken:
            taken.add(name.lower())
            columns.append(ColumnDesign(name, of, of.target, _stored(of, rng)))
    if rng.random() < 0.3:  # not in the order of the description
        rng.shuffle(columns)
        columns.sort(key=lambda c: c.of.kind == "later")  # a row begins before anything happens to it
    return TableDesign(naming.table(plain), plain, entity, key, rng.random() < 0.1, tuple(columns))


def _link_name(of: Field, target: TableDesign, key_of: Key) -> str:
    """A key to another table is named as there, or by its role."""
    own = singular(target.plain)
    return f"{of.names[0]}_id" if of.names else f"{own}_id" if key_of(own) == "id" else key_of(own)


def _stored(of: Field, rng: random.Random) -> dict[str, str]:
    """What stands for a value: codes of countries, three letters for a word, Y and N."""
    if of.kind == "country" and rng.random() < _ISO:
        return dict(COUNTRIES)
    if of.kind == "flag" and rng.random() < _YES_NO:
        return {of.called[0]: "Y", f"not {of.called[0]}": "N"}
    if of.kind == "choice" and rng.random() < _CODED:
        codes = {value.lower(): value[:_LETTERS].upper() for value in of.more}
        if all(len(v) > _LETTERS + 1 and v.isalpha() for v in of.more) and len(set(codes.values())) == len(of.more):
            return codes
    return {}


# ------------------------------------------------------------------ naming

Key = Callable[[str], str]
_KEYS: tuple[Key, ...] = (
    lambda own: "id",
    lambda own: "id",
    lambda own: f"{own}_id",
    lambda own: f"{own}_id",
    lambda own: f"{own}_id",
    lambda own: f"{own}_no",
    lambda own: f"{own}_key",
)


@dataclass(frozen=True)
class Naming:
    """How names are written: of tables and of columns, from words joined by `_`."""

    table: Callable[[str], str]
    column: Callable[[str], str]


def _same(name: str) -> str:
    return name


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _camel(name: str) -> str:
    return name[0] + _pascal(name)[1:]


def _spaced(name: str) -> str:
    return name.replace("_", " ").title()


_NAMINGS = (
    *(Naming(_same, _same),) * 5,
    Naming(_pascal, _pascal),
    Naming(_pascal, _camel),
    Naming(str.upper, str.upper),
    Naming(_spaced, _spaced),
    Naming(lambda name: f"tbl_{name}", _same),
    Naming(lambda name: f"dim_{name}", _same),
)
