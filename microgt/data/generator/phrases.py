"""The wording of the pieces of a question. Every function takes a random generator and returns one of many ways to say the same."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from microgt.data.generator.profile import plural, singular
from microgt.schema.types import Column

AGGREGATES = {
    "sum": (
        "total {n}",
        "total {n}",
        "{n}",
        "overall {n}",
        "sum of {n}",
        "total amount of {n}",
        "combined {n}",
        "{n} in total",
        "aggregate {n}",
    ),
    "avg": ("average {n}", "average {n}", "mean {n}", "avg {n}", "typical {n}", "{n} on average", "average of {n}"),
    "min": ("minimum {n}", "lowest {n}", "smallest {n}", "min {n}", "least {n}", "shortest {n}", "cheapest {n}"),
    "max": ("maximum {n}", "highest {n}", "largest {n}", "max {n}", "biggest {n}", "greatest {n}", "longest {n}", "peak {n}"),
    "median": ("median {n}", "median of {n}"),
    "count_distinct": ("number of different {n}", "number of distinct {n}", "number of unique {n}", "distinct {n}", "count of unique {n}"),
}
FUNCTIONS = {
    "sum": ("total", "overall"), "avg": ("average", "mean"), "min": ("minimum", "lowest", "min", "smallest"),
    "max": ("maximum", "highest", "max", "largest"), "median": ("median",),
}  # fmt: skip
# Behind what is asked for: its columns.
WANTED = (": {c}", " - {c}", ", with {c}", ", showing {c}", ". Show {c}", "? {c} please", ". I need {c}", ". Give {c}", " ({c})")
# For columns whose name is a plural: seats, units sold, API calls.
HOW_MANY = (
    "how many {n}",
    "how many {n} in total",
    "number of {n}",
    "total number of {n}",
    "how many {n} did we have",
    "how many {n} overall",
)
NUMBER_OF = {"avg": ("average number of {n}", "mean number of {n}"), "median": ("median number of {n}",), "max": ("highest number of {n}",)}
# What two numbers of a row make.
SUMS = ("{a} plus {b}", "{a} and {b} together", "sum of {a} and {b}", "{a} with {b} added", "{a} including {b}")
DIFFERENCES = ("difference between {a} and {b}", "{a} minus {b}", "{a} less {b}", "{a} after {b}", "gap between {a} and {b}")
COUNTS = (
    "number of {n}",
    "number of {n}",
    "count of {n}",
    "{s} count",
    "total number of {n}",
    "{n}",
    "total {n}",
    "how many {n}",
    "volume of {n}",
)

OPENINGS = (
    "", "", "", "show me ", "show ", "give me ", "what is the ", "what are the ", "what's the ", "I need the ", "list the ", "get me ", "can you show me ",
    "please show ", "find the ", "display the ", "I want to see ", "could you give me the ", "tell me the ", "let me see the ", "pull up ", "report the ",
)  # fmt: skip
CLOSINGS = ("", "", "", "", "?", ".", " please", "?", " please?", "")

COUNTED = (
    "how many {t} {f}",
    "how many {t} {f} are there",
    "how many {t} do we have {f}",
    "{t} {f}, how many",
    "{t} {f}: how many",
    "{t} {f} - how many are there",
    "{t} {f} - count",
    "count of {t} {f}",
    "count the {t} {f}",
    "number of {t} {f}",
)
NAMES = (
    ", names please",
    ": their names",
    "? names only",
    " - just the names",
    ", list the names",
    ". I need the names",
    "? give me the names",
)

BY = (
    " by {d}",
    " by {d}",
    " by {d}",
    " per {d}",
    " for each {d}",
    " broken down by {d}",
    " split by {d}",
    " across {p}",
    " in each {d}",
    " grouped by {d}",
    " for every {d}",
    " by each {d}",
)
FRONT_BY = (
    "for each {d}, {m}",
    "per {d}: {m}",
    "by {d}, {m}",
    "for every {d}, what is the {m}",
    "{d} wise {m}",
    "{d} breakdown of {m}",
    "how does {m} vary by {d}",
    "how is {m} distributed across {p}",
    "{m} distribution by {d}",
    "compare {m} across {p}",
)

EVERY = {
    "day": (" by day", " per day", " daily", " each day", " day by day", " for each day"),
    "week": (" by week", " per week", " weekly", " each week", " week by week"),
    "month": (
        " by month",
        " per month",
        " monthly",
        " each month",
        " month by month",
        " for each month",
        " over the months",
        " over time by month",
        " over time",
    ),
    "quarter": (" by quarter", " per quarter", " quarterly", " each quarter", " quarter by quarter"),
    "year": (" by year", " per year", " yearly", " each year", " year by year", " annually", " over the years", " for each year"),
}
FRONT_EVERY = {
    "day": "daily {m}", "week": "weekly {m}", "month": "monthly {m}", "quarter": "quarterly {m}", "year": "yearly {m}",
}  # fmt: skip
TRENDS = (
    "how has {m} developed{e}",
    "how did {m} change{e}",
    "development of {m}{e}",
    "trend of {m}{e}",
    "{m} trend{e}",
    "evolution of {m}{e}",
    "how does {m} evolve{e}",
)
# What a state is called when it is counted: the cancellation rate is the share of what was cancelled.
NOMINAL = {
    "cancelled": "cancellation", "canceled": "cancellation", "failed": "failure", "returned": "return", "renewed": "renewal", "churned": "churn",
    "refunded": "refund", "delivered": "delivery", "rejected": "rejection", "approved": "approval", "completed": "completion", "closed": "closure",
    "succeeded": "success", "settled": "settlement", "expired": "expiry", "converted": "conversion", "defaulted": "default",
}  # fmt: skip
# What was done when there is such a row, and how to say that it never was.
DONE = {
    "order": "ordered", "purchase": "purchased", "sale": "sold", "return": "returned", "payment": "paid", "invoice": "invoiced",
    "flight": "flown", "trade": "traded", "ticket": "reported", "subscription": "subscribed", "item": "sold", "departure": "departed",
}  # fmt: skip
NEVER_DONE = (
    "{t} that never {v}",
    "{t} who never {v} anything",
    "{t} that have not {v} anything",
    "{t} never {v}",
    "{t} that were never {v}",
    "which {t} were never {v}",
    "{t} who have not {v} yet",
    "{t} not {v} even once",
)
# Words in a column's name -> adjectives of the rows with much and with little of it.
_EXTREMES = (
    (("price", "cost", "fee"), ("most expensive", "priciest", "dearest"), ("cheapest", "least expensive")),
    (("salary", "wage", "pay"), ("best paid", "highest paid", "highest earning"), ("worst paid", "lowest paid")),
    (("distance", "duration", "length", "time", "days"), ("longest",), ("shortest",)),
    (("area", "size", "seats", "employees", "capacity", "population"), ("biggest", "largest"), ("smallest",)),
    (("alt", "altitude", "height", "elevation"), ("highest",), ("lowest",)),
    (("year", "date", "on", "at", "since", "birth"), ("newest", "most recent", "latest", "youngest"), ("oldest", "earliest", "first")),
    (("temp", "temperature"), ("warmest", "hottest"), ("coldest", "coolest")),
)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

MORE = (
    "more than {v}",
    "over {v}",
    "above {v}",
    "greater than {v}",
    "higher than {v}",
    "exceeding {v}",
    "bigger than {v}",
    "in excess of {v}",
)
LESS = ("less than {v}", "under {v}", "below {v}", "lower than {v}", "smaller than {v}", "fewer than {v}")
AT_LEAST = ("at least {v}", "{v} or more", "no less than {v}", "a minimum of {v}", "{v} and above")
AT_MOST = ("at most {v}", "{v} or less", "no more than {v}", "up to {v}", "not more than {v}")

MARKS = {
    "bar": ("bar chart", "bar graph", "column chart", "bars", "bar plot", "chart with bars", "vertical bar chart"),
    "barh": ("horizontal bar chart", "horizontal bars"),
    "line": ("line chart", "line graph", "line", "trend line", "line plot", "time series chart"),
    "area": ("area chart", "area graph"),
    "pie": ("pie chart", "pie"),
    "donut": ("donut", "donut chart", "doughnut chart", "ring chart", "doughnut"),
    "stacked": ("stacked bar chart", "stacked bars", "stacked chart"),
    "grouped": ("grouped bar chart", "grouped bars", "clustered bar chart", "side by side bars"),
    "scatter": ("scatter plot", "scatter chart", "scatterplot"),
    "heatmap": ("heatmap", "heat map"),
}
AS_CHART = (
    " as a {c}",
    " as a {c}",
    " in a {c}",
    " with a {c}",
    " on a {c}",
    ", {c}",
    " shown as a {c}",
    " {c}",
    " visualised as a {c}",
    " using a {c}",
)
FRONT_CHART = (
    "{c} of {q}",
    "plot {q}{a}",
    "draw a {c} of {q}",
    "make a {c} showing {q}",
    "chart {q}{a}",
    "a {c} for {q}",
    "create a {c} of {q}",
    "graph {q}{a}",
    "show a {c} of {q}",
    "visualize {q}{a}",
    "I want a {c} with {q}",
)


def pick(rng: random.Random, options: Sequence[str], **names: str) -> str:
    """One of the options with its names filled in."""
    return rng.choice(options).format(**names)


def listed(names: Sequence[str], rng: random.Random) -> str:
    """a and b; a, b and c; a, b, c."""
    if len(names) == 2 or (len(names) > 2 and rng.random() < 0.5):
        return ", ".join(names[:-1]) + " and " + names[-1]
    return ", ".join(names)


def count_phrase(rng: random.Random, noun: str) -> str:
    """A count of rows."""
    return pick(rng, COUNTS, n=noun, s=singular(noun))


def aggregate_phrase(rng: random.Random, fn: str, noun: str) -> str:
    """An aggregate of a column."""
    if noun.endswith("s") and not noun.endswith("ss") and rng.random() < 0.3:
        options = HOW_MANY if fn == "sum" else NUMBER_OF.get(fn, ())
        if options:
            return pick(rng, options, n=noun)
    return pick(rng, AGGREGATES[fn], n=plural(noun) if fn == "count_distinct" else noun)


def extremes(column: Column, down: bool) -> tuple[str, ...]:
    """Adjectives of the rows with the most (or least) of a column: most expensive."""
    for words, most, least in _EXTREMES:
        if set(words) & set(column.words):
            return most if down else least
    return ()


def comparison(rng: random.Random, op: str, value: str) -> str:
    """A bound in words: `over 50`."""
    return pick(rng, {"gt": MORE, "lt": LESS, "ge": AT_LEAST, "le": AT_MOST}[op], v=value)


def number_words(rng: random.Random, value: float) -> str:
    """A number as people type it."""
    text = f"{value:g}" if value < 1e6 or value != int(value) else str(int(value))
    if value == int(value) and value >= 1000 and rng.random() < 0.35:
        return f"{int(value):,}"
    return text


SMALL_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def small_number(rng: random.Random, n: int) -> str:
    """3, or three."""
    return SMALL_NUMBERS[n] if n <= 10 and rng.random() < 0.4 else str(n)


def finish(rng: random.Random, text: str) -> str:
    """Case, stray articles, closing mark and now and then a typing mistake."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\b(the|a|an) (the|how many)\b", r"\2", text)
    text += rng.choice(CLOSINGS)
    if rng.random() < 0.04 and len(text) > 12:
        i = rng.randrange(3, len(text) - 3)
        text = text[:i] + text[i + 1 :] if rng.random() < 0.5 else text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    roll = rng.random()
    return text.lower() if roll < 0.15 else text[0].upper() + text[1:] if roll < 0.65 else text
