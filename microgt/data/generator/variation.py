"""More questions from a written one: the same sentence and spec about other values, years, months and numbers.

Only what the question says as the spec does can change (`Berlin`, `2024`, `more than 500`, `top five`), and both change alike.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from microgt.data.example import Example
from microgt.data.generator.phrases import MONTHS, SMALL_NUMBERS
from microgt.schema.types import Schema
from microgt.spec.types import Absolute, At, Col, Compare, In, Node, Spec, Value
from microgt.spec.types.node import Scalar
from microgt.spec.walk import rebuilt, walk

_SIZES = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20)


@dataclass(frozen=True)
class Change:
    """words: what the question says -> what it says instead. values: the same of the spec's values."""

    words: Mapping[str, str]
    values: Mapping[Scalar, Scalar]


def vary(example: Example, schema: Schema, rng: random.Random) -> Example | None:
    """The example about other values, or `None` when nothing in it can change."""
    assert example.spec is not None
    spec, question = example.spec, example.question
    for change in (*_texts(spec, schema, rng), *_numbers(spec, question, rng), *_periods(spec, rng)):
        said = _replaced(question, change.words)
        if said is not None:
            question, spec = said, _with(spec, change.values)
    return None if question == example.question else dataclasses.replace(example, question=question, spec=spec)


def _replaced(question: str, words: Mapping[str, str]) -> str | None:
    """The question with the words exchanged; `None` when one of them is not said exactly once."""
    found = re.compile("|".join(rf"(?<!\w){re.escape(old)}(?!\w)" for old in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    by_lower = {old.lower(): new for old, new in words.items()}
    if sorted(match.group().lower() for match in found.finditer(question)) != sorted(by_lower):
        return None
    return found.sub(lambda match: _in_case_of(match.group(), by_lower[match.group().lower()]), question)


def _in_case_of(old: str, new: str) -> str:
    return new.lower() if old.islower() else new


def _with(spec: Spec, values: Mapping[Scalar, Scalar]) -> Spec:
    def exchanged(node: Node) -> Node:
        return Value(value=values[node.value]) if isinstance(node, Value) and node.value in values else node

    return rebuilt(spec, exchanged)


def _texts(spec: Spec, schema: Schema, rng: random.Random) -> Iterator[Change]:
    """The text values of a column become others of the same column."""
    by_column: dict[str, list[str]] = {}
    for column, value in _compared(spec):
        if value not in by_column.setdefault(column, []):
            by_column[column].append(value)
    for column, old in by_column.items():
        others = [v for v in schema.values.get(column, ())[:200] if v not in old and len(v) <= 40]
        if len(others) >= len(old):
            new = dict(zip(old, rng.sample(others, len(old)), strict=True))
            values: dict[Scalar, Scalar] = {**new}
            yield Change(new, values)


def _compared(spec: Spec) -> Iterator[tuple[str, str]]:
    """(column, text) of each value that a column is compared with."""
    for _, node in walk(spec):
        if isinstance(node, Compare) and isinstance(node.left, Col) and isinstance(node.right, Value):
            column, values = node.left.column, (node.right,)
        elif isinstance(node, In) and isinstance(node.of, Col):
            column, values = node.of.column, node.values
        else:
            continue
        yield from ((column, v.value) for v in values if isinstance(v.value, str))


def _numbers(spec: Spec, question: str, rng: random.Random) -> Iterator[Change]:
    """A number becomes another of about the same size; a year stays."""
    found = [node.value for _, node in walk(spec) if isinstance(node, Value) and type(node.value) in (int, float)]
    for number in (n for n in found if found.count(n) == 1 and isinstance(n, int | float) and n >= 2 and not 1900 <= n <= 2030):
        new = rng.choice([n for n in _SIZES if n != number]) if number <= 20 else _near(number, rng)
        for old_word, new_word in _spellings(number, new):
            if re.search(rf"(?<![\w.,]){re.escape(old_word)}(?![\w%]|[.,]\d)", question, re.IGNORECASE):
                yield Change({old_word: new_word}, {number: new})
                break


def _near(number: float, rng: random.Random) -> int | float:
    """Half, twice or thrice the number, rounded to its first digit and a half."""
    step = 10 ** (len(str(int(number))) - 1)
    return max(1, round(2 * number / step * rng.choice((0.5, 1.5, 2, 3)))) * step // 2


def _spellings(old: int | float, new: int | float) -> Iterator[tuple[str, str]]:
    """The old and the new number in the same spelling: 1500, 1,500, five."""
    yield f"{old:.15g}", f"{new:.15g}"
    if old >= 1000:
        yield f"{old:,}", f"{new:,}"
    if old in range(len(SMALL_NUMBERS)):
        yield SMALL_NUMBERS[int(old)], SMALL_NUMBERS[int(new)] if new < len(SMALL_NUMBERS) else str(new)


def _periods(spec: Spec, rng: random.Random) -> Iterator[Change]:
    """All years move together; a single month or quarter becomes another."""
    named = [v.value for _, node in walk(spec) if isinstance(node, At | Absolute) for _, v in walk(node) if isinstance(v, Value)]
    words = {word for name in named for word in str(name).split()}
    years, months = sorted(w for w in words if re.fullmatch(r"20\d\d", w)), words & set(MONTHS)
    quarters = {w for w in words if re.fullmatch("Q[1-4]", w)}
    new: dict[str, str] = {}
    step = rng.choice((-2, -1, 1, 2))
    new |= {year: str(int(year) + step) for year in years}
    new |= {month: rng.choice(MONTHS) for month in months} if len(months) == 1 else {}
    new |= {quarter: f"Q{rng.randint(1, 4)}" for quarter in quarters} if len(quarters) == 1 else {}
    if new:
        yield Change(new, {name: _moved(name, new) for name in named})


def _moved(name: Scalar, new: Mapping[str, str]) -> Scalar:
    """A named period with other words in it; a year that is a number stays one."""
    said = " ".join(new.get(word, word) for word in str(name).split())
    return int(said) if isinstance(name, int) and not isinstance(name, bool) else said
