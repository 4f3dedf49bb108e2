"""Plans with a query inside a query, and with conditions on groups."""

from __future__ import annotations

from microgt.data.generator import phrases
from microgt.data.generator.filters import Filter
from microgt.data.generator.phrases import comparison, pick, small_number
from microgt.data.generator.plans import Plan, Planner
from microgt.data.generator.profile import singular
from microgt.schema.types import ForeignKey
from microgt.spec.types import Aggregate, Col, Compare, Inner, InQuery, Limit, Not, Ref, Rows, Select, Sort, Value


class NestedPlanner(Planner):
    """Plans about rows that have no, some or many children, and about rows above an average."""

    def _parent(self) -> tuple[str, ForeignKey] | None:
        """A named table and a key of a table that refers to it."""
        options = [(t.name, k) for t in self.profile.schema.tables if self.profile.label(t.name) for k in self.profile.children(t.name)]
        return self.rng.choice(options) if options else None

    def related(self) -> Plan:
        """Rows of a table that have (never) had a row of another."""
        found = self._parent()
        if found is None:
            return self.rows()
        table, key = found
        child, rng = key.column.rpartition(".")[0], self.rng
        label = self.profile.label(table)
        condition = self.conditions(child, 1)
        condition = [f for f in condition if f.column.startswith(child + ".")]
        inner = Select(outputs=(Col(column=key.column),), where=self.where(condition))
        has = InQuery(of=Col(column=key.target), query=inner)
        never = rng.random() < 0.65
        node = Not(arg=has) if never else has
        nouns, kids = rng.choice(self.profile.table_names(table)), rng.choice(self.profile.table_names(child))
        forms = (
            (
                "{t} without any {c}",
                "{t} with no {c}",
                "{t} that have no {c}",
                "which {t} have no {c}",
                "which {t} never had any {c}",
                "{t} that do not have {c}",
                "{t} who never had a {s}",
                "which {t} don't have any {c}",
                "{t} lacking {c}",
                "{t} that have never had {c}",
                "which {t} did not have any {c}",
            )
            if never
            else (
                "{t} with at least one {s}",
                "{t} that have {c}",
                "which {t} had {c}",
                "{t} that had any {c}",
                "which {t} have at least one {s}",
                "{t} having {c}",
            )
        )
        text = pick(rng, forms, t=nouns, c=kids, s=singular(kids)) + self.said(condition)
        if rng.random() < 0.4:
            query = Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=node)
            text = pick(rng, ("how many {x}", "number of {x}", "count of {x}", "count the {x}"), x=text.removeprefix("which "))
            return Plan(query, text, "nested", question=text.startswith("how"))
        assert label is not None
        return Plan(Select(outputs=(Col(column=label.id),), where=node), text, "nested", question=text.startswith("which"))

    def above_average(self) -> Plan:
        """Rows above (below) the average of a column."""
        tables = [t.name for t in self.profile.schema.tables if self.profile.numeric(t.name)]
        if not tables:
            return self.rows()
        rng, table = self.rng, self.rng.choice(tables)
        column = rng.choice(self.profile.numeric(table))
        above = rng.random() < 0.7
        average = Select(outputs=(Aggregate(fn="avg", of=Col(column=column.id)),))
        node = Compare(op="gt" if above else "lt", left=Col(column=column.id), right=average)
        label, noun = self.profile.label(table), rng.choice(self.profile.table_names(table))
        name = rng.choice(self.profile.column_names(column))
        forms = (
            (
                "{t} with above average {c}",
                "{t} whose {c} is above average",
                "{t} with a {c} higher than the average",
                "{t} with more than the average {c}",
                "{t} that exceed the average {c}",
                "{t} with {c} above the mean",
            )
            if above
            else (
                "{t} with below average {c}",
                "{t} whose {c} is below average",
                "{t} with a {c} lower than the average",
                "{t} with less than the average {c}",
                "{t} with {c} under the mean",
            )
        )
        text = pick(rng, forms, t=noun, c=name)
        if label and rng.random() < 0.6:
            text = pick(rng, ("which {x}", "{x}", "names of {x}", "list {x}"), x=text)
            return Plan(Select(outputs=(Col(column=label.id),), where=node), text, "nested", question=text.startswith(("which", "list")))
        text = pick(rng, ("how many {x}", "number of {x}", "count of {x}"), x=text)
        return Plan(
            Select(outputs=(Aggregate(fn="count", of=Rows(table=table)),), where=node), text, "nested", question=text.startswith("how")
        )

    def many(self) -> Plan:
        """Groups with more than n rows or more than some total."""
        table, rng = self.table(), self.rng
        dims = self.profile.categories(table)
        if not dims:
            return self.rows()
        m, dim = self.measure(table), rng.choice(dims)
        op = rng.choice(("gt", "gt", "ge", "lt"))
        count = isinstance(m.node, Aggregate) and m.node.fn == "count"
        n = rng.choice((1, 2, 3, 5, 10, 20, 50, 100)) if count else rng.choice((10, 20, 50, 100, 500, 1000, 5000, 10_000, 100_000))
        said = comparison(rng, op, small_number(rng, n) if n <= 10 else phrases.number_words(rng, n))
        _, plural_name = self.by_phrase(dim)
        noun = rng.choice(self.profile.table_names(table))
        forms = (
            ("{p} with {v} {t}", "which {p} have {v} {t}", "{p} that have {v} {t}", "{p} having {v} {t}")
            if count
            else ("{p} with {m} {v}", "which {p} have {m} {v}", "{p} whose {m} is {v}", "{p} where {m} is {v}", "{p} with a {m} of {v}")
        )
        found = self.conditions(table, 1, (dim.column.id,))
        shown = rng.random() < 0.25
        text = pick(rng, forms, p=plural_name, v=said, t=noun, m=m.words) + self.said(found)
        if shown:
            text += pick(rng, (" and the {m}", ", with {m}", " and show the {m}"), m=m.words)
        having = Compare(op=op, left=Ref(output=1) if shown else m.node, right=Value(value=n))
        outputs = (dim.col, m.node) if shown else (dim.col,)
        return Plan(Select(outputs=outputs, where=self.where(found), having=having), text, "nested", question=text.startswith("which"))

    def extreme_row(self) -> Plan:
        """The row with the largest number of a column."""
        tables = [t.name for t in self.profile.schema.tables if self.profile.numeric(t.name) and self.profile.label(t.name)]
        if not tables:
            return self.rows()
        rng, table = self.rng, self.rng.choice(tables)
        column, label = rng.choice(self.profile.numeric(table)), self.profile.label(table)
        down, n = rng.random() < 0.7, rng.choice((1, 1, 1, 3, 5, 10))
        w = rng.choice(("highest", "largest", "biggest", "most", "greatest") if down else ("lowest", "smallest", "least"))
        noun, name = rng.choice(self.profile.table_names(table)), rng.choice(self.profile.column_names(column))
        found = self.conditions(table, 1, (column.id,))
        forms = (
            ("which {s} has the {w} {c}", "{s} with the {w} {c}", "what {s} has the {w} {c}", "the {s} with {w} {c}")
            if n == 1
            else (
                "{k} {t} with the {w} {c}",
                "top {k} {t} by {c}" if down else "bottom {k} {t} by {c}",
                "the {k} {t} with {w} {c}",
                "which {k} {t} have the {w} {c}",
            )
        )
        text = pick(rng, forms, s=singular(noun), t=noun, w=w, c=name, k=small_number(rng, n)) + self.said(found)
        assert label is not None
        outputs = (Col(column=label.id),) if n == 1 else (Col(column=label.id), Col(column=column.id))
        sort = Sort(direction="desc" if down else "asc", by=Col(column=column.id))
        query = Select(outputs=outputs, where=self.where(found), sort=(sort,), limit=Limit(n=Value(value=n)))
        return Plan(query, text, "top-n", question=text.startswith(("which", "what")))

    def average_of_groups(self) -> Plan:
        """The average (largest, smallest) of a total by group."""
        table, rng = self.table(), self.rng
        dims = self.profile.categories(table)
        if not dims:
            return self.value()
        dim, noun = rng.choice(dims), rng.choice(self.profile.table_names(table))
        m = self.measure(table)
        count = isinstance(m.node, Aggregate) and m.node.fn == "count"
        if not m.additive:
            return self.by_dimension()
        found: list[Filter] = self.conditions(table, 1, (dim.column.id,))
        source = Select(outputs=(dim.col, m.node), where=self.where(found))
        fn = rng.choice(("avg", "avg", "avg", "max", "min", "median"))
        word = {"avg": ("average", "mean"), "max": ("highest", "maximum"), "min": ("lowest", "minimum"), "median": ("median",)}[fn]
        name, _ = self.by_phrase(dim)
        what = f"number of {noun}" if count else m.words
        text = pick(
            rng, ("{w} {m} per {d}", "{w} {m} by single {d}", "{w} {m} of a {d}", "{w} {m} for a {d}"), w=rng.choice(word), m=what, d=name
        )
        query = Select(source=source, outputs=(Aggregate(fn=fn, of=Inner(output=1)),))
        return Plan(query, text + self.said(found), "nested")
