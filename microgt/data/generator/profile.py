"""What a schema offers to somebody who asks questions of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from microgt.data.generator.participles import participles
from microgt.data.generator.vocabulary import Vocabulary
from microgt.schema.types import Column, ColumnType, ForeignKey, Schema
from microgt.spec.types import Col

_KEY_WORDS = {"id", "key", "code", "number", "no", "nr", "uuid", "zip", "phone", "latitude", "longitude", "lat", "lon"}


# Points on a scale rather than amounts: seldom added up or averaged, seldom grouped by.
_POINTS = {"year", "hour", "minute", "sched", "scheduled", "tz", "tzone", "dst", "index", "version", "rank", "floor"}


@dataclass(frozen=True)
class Dimension:
    """A column as seen from a table: how the spec names it and how people may call it."""

    col: Col
    column: Column
    names: tuple[str, ...]


@dataclass
class Profile:
    """A schema with its columns sorted by the part they can play, and the words that its owner wrote down."""

    schema: Schema
    words: Vocabulary = field(default_factory=Vocabulary)

    def __post_init__(self) -> None:
        self.key_columns = {k.column for k in self.schema.keys} | {k.target for k in self.schema.keys}
        self.ambiguous = self._several_keys()

    def _several_keys(self) -> set[tuple[str, str]]:
        """(from, to) pairs of tables that more than one key connects."""
        pairs = [_ends(k) for k in self.schema.keys]
        return {p for p in pairs if pairs.count(p) > 1 or p[0] == p[1]}

    def table_names(self, table: str) -> list[str]:
        """Plural nouns for the rows of a table."""
        words = " ".join(self.schema.table(table).words)
        return [plural(words), *(plural(s) for s in self.words.names.get(table, ()))]

    def column_names(self, column: Column) -> list[str]:
        """Nouns for a column, the bare ones first."""
        words = list(column.words)
        names = [" ".join(words)]
        table = [singular(w) for w in self.schema.table(column.table).words]
        if words[-1] in ("name", "title", "code", "id") and len(words) > 1:
            names.append(" ".join(words[:-1]))
        if words in (["name"], ["title"], ["label"], ["description"]):
            names = [" ".join([*table, *words]), " ".join(table)]
        elif words[0] not in table and column.type is ColumnType.TEXT and len(words) == 1:
            names.append(" ".join([*table, *words]))
        return [*names, *self.words.names.get(column.id, ()), *self.words.names.get(column.id, ())]

    def numeric(self, table: str) -> list[Column]:
        """Columns worth adding up or averaging."""
        return [c for c in self.schema.table(table).columns if c.type is ColumnType.NUMBER and not self._is_key(c)]

    def interest(self, column: Column) -> float:
        """How often people ask about a column in comparison with others: those that its owner has further names for, more often."""
        if column.id in self.words.names:
            return 3.0
        return 0.2 if _POINTS & set(column.words) else 1.0

    def verbs(self, column: Column, table: str) -> tuple[str, ...]:
        """What happened to rows of a table on the dates of a column; none where nothing says it, or it happened to their parents."""
        if column.table != table:
            return ()
        return (*self.words.verbs.get(column.id, ()), *participles(column.words))

    def _is_key(self, column: Column) -> bool:
        if column.type is ColumnType.TEXT and not column.primary:
            return column.words[-1] in (
                ("phone", "zip", "uuid", "id", "key", "no") if column.id in self.key_columns else ("phone", "zip", "uuid")
            )
        return column.primary or column.id in self.key_columns or column.words[-1] in _KEY_WORDS

    def shown(self, table: str) -> list[Column]:
        """Columns that people would list: no keys."""
        return [c for c in self.schema.table(table).columns if not self._is_key(c) and c.type is not ColumnType.OTHER]

    def label(self, table: str) -> Column | None:
        """The column that names a row of the table, if there is one."""
        texts = [c for c in self.schema.table(table).columns if c.type is ColumnType.TEXT and c.id not in self.schema.dated]
        columns = [c for c in texts if not self._is_key(c)]
        named = [c for c in columns if c.words[-1] in ("name", "title", "symbol") and c.id not in self.key_columns]
        telling = [c for c in columns if len(self.schema.values.get(c.id, ())) >= 20 and c.id not in self.key_columns]
        return next(iter(named or telling), None)

    def parents(self, table: str, depth: int = 2) -> list[tuple[str, tuple[str, ...]]]:
        """(table, via path) of everything reached from `table` along keys; `via` is filled where several keys lead there."""
        found: dict[str, list[tuple[str, ...]]] = {}
        frontier: list[tuple[str, tuple[str, ...], bool]] = [(table, (), False)]
        for _ in range(depth):
            following = []
            for here, path, double in frontier:
                for key in self.schema.keys:
                    start, end = _ends(key)
                    if start == here and end != table:
                        unclear = double or (start, end) in self.ambiguous
                        found.setdefault(end, []).append((*path, key.column) if unclear else ())
                        following.append((end, (*path, key.column), unclear))
            frontier = following
        return [(t, via) for t, paths in found.items() for via in paths if len(paths) == 1 or all(paths)]

    def dimensions(self, table: str) -> list[Dimension]:
        """Columns that rows of `table` can be grouped or filtered by: its own and its parents'."""
        found = []
        for owner, via in [(table, ()), *self.parents(table)]:
            for column in self.shown(owner):
                names = self.column_names(column)
                if via:
                    role = [w for w in self.schema.column(via[-1]).words if w not in ("id", "key", "code")]
                    names = [" ".join(dict.fromkeys([*role, *n.split()])) for n in names]
                found.append(Dimension(Col(column=column.id, via=via), column, tuple(names)))
        return found

    def categories(self, table: str) -> list[Dimension]:
        """Text and boolean dimensions with few enough values to group by."""
        kinds, dated = (ColumnType.TEXT, ColumnType.BOOLEAN), self.schema.dated
        found = [d for d in self.dimensions(table) if d.column.type in kinds and d.column.id not in dated]
        return [d for d in found if len(self.schema.values.get(d.column.id, "ab")) <= 2000]

    def dates(self, table: str) -> list[Dimension]:
        """Date dimensions of the table itself, else of its parents."""
        dates = [d for d in self.dimensions(table) if d.column.id in self.schema.dated]
        return [d for d in dates if d.column.table == table] or dates

    def children(self, table: str) -> list[ForeignKey]:
        """Keys of other tables that refer to this one, each pair of tables joined by one key only."""
        return [k for k in self.schema.keys if _ends(k)[1] == table and _ends(k) not in self.ambiguous]

    def value(self, dimension: Dimension, rng: random.Random) -> str | None:
        """A text value of the dimension, frequent ones more often."""
        values = self.schema.values.get(dimension.column.id, ())
        values = [v for v in values if 0 < len(v) <= 40]
        return values[min(int(rng.expovariate(1 / 6)), len(values) - 1)] if values else None


def _ends(key: ForeignKey) -> tuple[str, str]:
    return key.column.rpartition(".")[0], key.target.rpartition(".")[0]


def plural(noun: str) -> str:
    """English plural of the last word."""
    if noun.endswith(("s", "data", "equipment", "staff", "weather", "information", "people", "stock")):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "ch", "sh")) else "s")


def singular(noun: str) -> str:
    """English singular of the last word."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes", "buses", "statuses", "campuses", "viruses", "gases")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is", "sales", "series")) else noun
