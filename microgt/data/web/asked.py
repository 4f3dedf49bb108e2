"""What a line of WikiSQL asks: one column, perhaps aggregated, of the rows that meet all conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from microgt.data.plain import plain
from microgt.schema.catalog import quoted

_COLUMN = r"TABLEalias0\.(?P<column>\S+)_FIELD"
_QUERY = re.compile(rf"SELECT (?:(?P<by>MAX|MIN|COUNT|SUM|AVG) )?{_COLUMN} FROM TABLE AS TABLEalias0(?: WHERE (?P<rest>.+?))? ;$")
_CONDITION = re.compile(rf"""{_COLUMN} (?P<sign>[=<>]) (?P<value>"[^"]*"|.+?)(?= AND TABLEalias0\.|$)""")


@dataclass(frozen=True, slots=True)
class Condition:
    """sign: =, < or >."""

    column: str
    sign: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. by: an aggregate, or None where the values themselves are asked for."""

    id: str
    question: str
    column: str
    by: str | None
    conditions: tuple[Condition, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All that it names."""
        return (self.column, *(c.column for c in self.conditions))

    def sql(self, table: str, numbers: frozenset[str]) -> str:
        """The query over a table, of whose columns `numbers` hold numbers."""
        output = f"{self.by}({quoted(self.column)})" if self.by else quoted(self.column)
        tests = [f"{quoted(c.column)} {c.sign} {c.value if c.column in numbers else _literal(c.value)}" for c in self.conditions]
        return f"SELECT {output} FROM {quoted(table)}" + (f" WHERE {' AND '.join(tests)}" if tests else "")


def read_asked(id: str, question: str, query: str) -> Asked | None:
    """What a line asks; None where the query is of another form or a value of it is not in the question."""
    found = _QUERY.match(query)
    if found is None:
        return None
    rest = found["rest"] or ""
    conditions = [Condition(heading(m["column"]), m["sign"], m["value"].strip('"').strip()) for m in _CONDITION.finditer(rest)]
    said = f" {plain(question)} "
    whole = rest.count("TABLEalias0.") == len(conditions)
    if not whole or not all(plain(c.value) and f" {plain(c.value)} " in said for c in conditions):
        return None
    return Asked(id, question, heading(found["column"]), found["by"], tuple(conditions))


def heading(name: str) -> str:
    """A column's name as it may stand over a table: `STATE/TERRITORY` is `State/Territory`."""
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name.replace("_", " ")).strip()


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
