"""Columns that a question does not name any more: older than 30, the cheapest, which singers, the customers in Berlin."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator

from microgt.data.example import Example
from microgt.data.robustness.degrees import BY_WORD, Degrees
from microgt.data.robustness.pointers import named
from microgt.data.robustness.words import values_said
from microgt.schema.types import Column, Schema, Table
from microgt.spec.types import Answer, Col, Compare, Select, Spec, Value
from microgt.spec.walk import walk

_MORE = r"(?:(?:higher|greater|more|larger|bigger|older|longer|taller|heavier|later) than|above|over|exceeding|after)"
_LESS = r"(?:(?:lower|less|fewer|smaller|younger|shorter|lighter|earlier) than|below|under|before)"
_MOST = r"(?:highest|largest|greatest|maximum|most|biggest|longest|oldest|latest)"
_LEAST = r"(?:lowest|smallest|minimum|least|shortest|youngest|earliest)"
_FALLING, _RISING = r"(?:descending|decreasing|desc)\b", r"(?:ascending|increasing|asc)\b"
_WITH = r"(?:whose|with|having|that have|who have|that has|who has)"
_PLACES = re.compile(
    "address|birthplace|city|continent|country|county|district|hometown|location|nation|nationality|region|state|town|venue"
)
_TITLES = frozenset(["name", "title"])
Change = Callable[[str], str]


class Implicit:
    """With probability `p` each, what names a column is left out where the rest of the question tells it."""

    def __init__(self, p: float = 1.0):
        self.p = p

    def __call__(self, example: Example, schema: Schema, rng: random.Random) -> Example:
        assert example.spec is not None
        question = example.question
        for change in _changes(example.spec, schema, question):
            if rng.random() < self.p:
                question = change(question)
        question = re.sub(r" +([,?.])", r"\1", question)
        return dataclasses.replace(example, question=question)


def _changes(spec: Spec, schema: Schema, question: str) -> Iterator[Change]:
    for item in named(spec, schema):
        if isinstance(item, Column):
            degrees = next((BY_WORD[w] for w in reversed(item.words) if w in BY_WORD), None)
            if degrees:
                yield from _compared(item, spec, degrees)
                yield from _ranked(item, degrees)
    for column, text in _equal(spec, schema):
        if any(said.text == text for said in values_said(question, spec)):
            yield _value_alone(column, text)
    if isinstance(spec, Answer) and isinstance(spec.query, Select):
        shown = [schema.column(o.column) for o in spec.query.outputs if isinstance(o, Col)]
        for column in (c for c in shown if c.words[-1] in _TITLES):
            yield _entity_alone(schema.table(column.table), alone=len(spec.query.outputs) == 1)


def _compared(column: Column, spec: Spec, degrees: Degrees) -> Iterator[Change]:
    """whose age is greater than 30 -> older than 30."""
    for _, node in walk(spec):
        match node:
            case Compare(op="gt" | "lt" as op, left=Col(column=name), right=Value(value=value)) if name == column.id:
                compared, words = (_MORE, degrees.more) if op == "gt" else (_LESS, degrees.less)
                number = re.escape(f"{value:.15g}" if isinstance(value, int | float) else str(value))
                pattern = rf"{_WITH} (?:an? |the |their )?{_said(column)} (?:is |are |was |were |of |that is )?{compared} (?={number})"
                yield lambda q, pattern=pattern, words=words: re.sub(pattern, f"{words} ", q, flags=re.IGNORECASE)


def _ranked(column: Column, degrees: Degrees) -> Iterator[Change]:
    """with the highest price -> that is most expensive; sorted by age in ascending order -> youngest first."""
    said = _said(column)
    most, least = (_MOST, _FALLING, degrees.most), (_LEAST, _RISING, degrees.least)
    for words, order, answer in (most, least):
        forms = (
            (rf"with the {words} {said}\b", f"that is the {answer}"),
            (rf"(has|have) the {words} {said}\b", rf"is the {answer}"),
            (rf"\b(?:(?:sorted|ordered|listed) )?by (?:the |their )?{said},? (?:in )?{order}(?: order)?", f"{answer} first"),
            (rf"\bin {order} order of (?:the |their )?{said}\b", f"{answer} first"),
        )
        for pattern, new in forms:
            yield lambda q, pattern=pattern, new=new: re.sub(pattern, new, q, flags=re.IGNORECASE)


def _equal(spec: Spec, schema: Schema) -> Iterator[tuple[Column, str]]:
    for _, node in walk(spec):
        match node:
            case Compare(op="eq", left=Col(column=name), right=Value(value=str() as text)):
                yield schema.column(name), text


def _value_alone(column: Column, text: str) -> Change:
    """whose city is Berlin -> in Berlin; with the name "Rex" -> "Rex"."""
    before = "in " if any(map(_PLACES.fullmatch, column.words)) else ""
    is_value = rf"(?:is |are |was |=|equal to |being |of |named |called )?(?=[\"'“]?{re.escape(text)}(?!\w))"
    pattern = rf"{_WITH} (?:the |an? )?{_said(column)} {is_value}"
    return lambda q: re.sub(pattern, before, q, flags=re.IGNORECASE)


def _entity_alone(table: Table, alone: bool) -> Change:
    """What are the names of singers -> Which singers; Show the names of all singers -> Show all singers."""
    noun = rf"(?={_forms(table.words[-1])}\b)"
    names = r"(?:the )?(?:different |distinct )?(?:names?|titles?) of (?:the )?((?:all )?)(?:the )?"

    def changed(question: str) -> str:
        if alone:
            question = re.sub(rf"^What (?:is|are) {names}{noun}(\w+) (?:who|that|which) ", r"Which \2 ", question, flags=re.IGNORECASE)
        question = re.sub(rf"^What (?:is|are) {names}{noun}", "Which " if alone else r"Show \1", question, flags=re.IGNORECASE)
        return re.sub(rf"^(Show|List|Find|Give me|Give|Return|Tell me) {names}{noun}", r"\1 \2", question, flags=re.IGNORECASE)

    return changed


def _said(column: Column) -> str:
    """The column's name in a question: all its words, or the last one alone."""
    *before, last = column.words
    return rf"(?:{' '.join(map(re.escape, before))} )?{_forms(last)}" if before else _forms(last)


def _forms(word: str) -> str:
    """A word in the singular or the plural."""
    base = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return rf"{re.escape(base[:-1])}(?:y|ies)" if base.endswith("y") else rf"{re.escape(base)}(?:e?s)?"
