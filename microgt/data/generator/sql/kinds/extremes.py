"""The row or the group with the most or the least."""

from __future__ import annotations

from microgt.data.generator.phrases import small_number
from microgt.data.generator.profile import plural
from microgt.data.generator.sql import words
from microgt.data.generator.sql.conditions import Conditions
from microgt.data.generator.sql.kinds.groups import related
from microgt.data.generator.sql.kinds.lists import selected
from microgt.data.generator.sql.sampler import Plan, Sampler


def row(s: Sampler, conditions: Conditions) -> Plan | None:
    """Columns of the first or of the first few rows by another column."""
    table = s.entity()
    by = s.ordered(table, furthest=s.rng.choice((0, 0, 2)))
    if by is None:
        return None
    columns = s.shown(table, avoid=[by])
    if not columns:
        return None
    found = conditions.some(table, 1, avoid=[*columns, by], up=True) if s.rng.random() < 0.45 else []
    source = s.source(*columns, by, *(f.column for f in found), first=table)
    if source is None:
        return None
    most, n = s.rng.random() < 0.65, s.rng.choices((1, 3, 2, 5, 10), (10, 1.6, 0.6, 0.8, 0.3))[0]
    sql = f"SELECT {selected(s, columns, source)} FROM {source.sql}{conditions.where(found, source)} ORDER BY {source.column(by.id)}{' DESC' if most else ''} LIMIT {n}"
    names = s.listed([s.name(c, table) for c in columns])
    best = _with_most(s, conditions, table, by, most, n, found)
    whole = n == 1 and columns == [s.profile.label(table)] and s.rng.random() < 0.35
    if whole:
        return Plan(
            sql,
            s.rng.choice(("which {b}", "what {b}", "what is the {b}")).format(b=best).replace(" with the ", " has the "),
            "extreme",
            True,
        )
    text = s.rng.choice(("the {c} of the {b}", "the {c} of the {b}", "{c} of the {b}", "the {c} for the {b}")).format(c=names, b=best)
    return Plan(sql, text, "extreme")


def _with_most(s: Sampler, conditions: Conditions, table: str, by, most: bool, n: int, found) -> str:
    """student with the highest age; three oldest students."""
    noun, k = s.one(table) if n == 1 else s.many(table), "" if n == 1 else small_number(s.rng, n) + " "
    adjective = words.scale(by)[2 if most else 3]
    if adjective and by.table == table and s.rng.random() < 0.5:
        return f"{k}{adjective} {noun}{conditions.after(found)}"
    word, name = s.rng.choice(words.extremes(by, most)), s.name(by, table)
    if n > 1 and s.rng.random() < 0.4:
        return f"{s.rng.choice(('top ', 'top ', 'first ') if most else ('bottom ', 'last '))}{k}{noun}{conditions.after(found)} by {name}"
    if found:
        return f"{k}{noun} with the {word} {name} among {conditions.noun(table, found, s.many(table))}"
    return f"{k}{noun} with the {word} {name}"


def exact(s: Sampler, conditions: Conditions) -> Plan | None:
    """All rows that have the largest or smallest number of a column."""
    table = s.entity()
    by, source = s.numeric(table), s.source(first=table)
    if by is None or source is None:
        return None
    columns, most = s.shown(table, avoid=[by]), s.rng.random() < 0.65
    if not columns:
        return None
    name, names = source.column(by.id), s.listed([s.name(c, table) for c in columns])
    sql = f"SELECT {selected(s, columns, source)} FROM {source.sql} WHERE {name} = (SELECT {'MAX' if most else 'MIN'}({name}) FROM {source.sql})"
    word = s.rng.choice(("highest", "maximum", "largest", "greatest") if most else ("lowest", "minimum", "smallest", "least"))
    forms = (
        "the {c} of the {t} with the {w} {b}",
        "the {c} of all {t} that have the {w} {b}",
        "the {c} of the {t} whose {b} is the {w}",
        "{c} of {t} with {w} {b}",
    )
    return Plan(sql, s.rng.choice(forms).format(c=names, t=s.many(table), w=word, b=s.name(by, table)), "extreme")


def group(s: Sampler, conditions: Conditions) -> Plan | None:
    """The value of a column that the most or fewest rows have."""
    table = s.entity()
    key = s.key(table)
    if key is None:
        return None
    found = conditions.some(table, 1, avoid=[key], up=True) if s.rng.random() < 0.3 else []
    source = s.source(key, *(f.column for f in found), first=table)
    if source is None:
        return None
    most, n = s.rng.random() < 0.8, s.rng.choices((1, 3, 2, 5), (12, 1, 0.3, 0.3))[0]
    by, name, noun = source.column(key.id), s.name(key, table), conditions.noun(table, found, s.many(table))
    outputs = f"{by}, COUNT(*)" if s.rng.random() < 0.12 else by
    sql = f"SELECT {outputs} FROM {source.sql}{conditions.where(found, source)} GROUP BY {by} ORDER BY COUNT(*){' DESC' if most else ''} LIMIT {n}"
    k, ks = (f"{small_number(s.rng, n)} ", plural(name)) if n > 1 else ("", name)
    w = s.rng.choice(
        ("most", "largest number of", "highest number of", "greatest number of")
        if most
        else ("fewest", "least number of", "smallest number of", "lowest number of")
    )
    common = s.rng.choice(("most common", "most frequent", "most popular") if most else ("least common", "least frequent", "least popular"))
    whole = n == 1 and outputs == by and s.rng.random() < 0.4
    forms = (
        "which {k} has the {w} {t}",
        "what {k} has the {w} {t}",
        "which {k} do the {w} {t} have",
        "what is the {x} {k} of {t}",
        "which {k} is the {x} among {t}",
    )
    phrases = (
        "the {n}{k} with the {w} {t}",
        "the {n}{k} that has the {w} {t}",
        "the {n}{x} {k} of {t}",
        "the {n}{x} {k} across all {t}",
        "the {n}{k} with {w} {t}",
    )
    text = s.rng.choice(forms if whole else phrases).format(n=k, k=ks, w=w, t=noun, x=common)
    return Plan(sql, text + (" and the number" if outputs != by else ""), "extreme", whole)


def parent(s: Sampler, conditions: Conditions) -> Plan | None:
    """The row that the most or fewest rows of another table belong to."""
    found = related(s)
    source = found and s.graph.source((found[0], found[1]))
    if not found or not source:
        return None
    table, child, target, columns = found
    most, n = s.rng.random() < 0.85, s.rng.choices((1, 3, 2, 5), (14, 1, 0.3, 0.3))[0]
    extra = conditions.some(child, 1, furthest=0) if s.rng.random() < 0.12 else []
    ids, shown = source.column(target), ", ".join(source.column(c.id) for c in columns)
    grouped = shown if len(columns) == 1 and s.rng.random() < 0.4 else ids
    sql = f"SELECT {shown} FROM {source.sql}{conditions.where(extra, source)} GROUP BY {grouped} ORDER BY COUNT(*){' DESC' if most else ''} LIMIT {n}"
    w = s.rng.choice(
        ("most", "most", "largest number of", "highest number of", "greatest number of")
        if most
        else ("fewest", "least number of", "smallest number of")
    )
    kids, one = conditions.noun(child, extra, s.many(child)), s.one(table) if n == 1 else f"{small_number(s.rng, n)} {s.many(table)}"
    forms = (
        "the {c} of the {o} with the {w} {k}",
        "the {c} of the {o} that has the {w} {k}",
        "the {c} of the {o} having the {w} {k}",
        "{c} of the {o} with the {w} {k}",
    )
    whole = n == 1 and s.rng.random() < 0.35
    if whole:
        forms = (
            (
                "which {o} has the {w} {k}? Give the {c}",
                "which {o} has the {w} {k}? Show the {c}",
                "what is the {c} of the {o} with the {w} {k}",
            )
            if len(columns) > 1
            else ("which {o} has the {w} {k}", "what {o} has the {w} {k}", "who is the {o} with the {w} {k}")
        )
    return Plan(sql, s.rng.choice(forms).format(c=s.listed([s.name(c) for c in columns]), o=one, w=w, k=kids), "extreme", whole)
