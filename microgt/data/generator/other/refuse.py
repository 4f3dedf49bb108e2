"""What a database cannot tell, and why."""

from __future__ import annotations

from microgt.data.generator.phrases import pick
from microgt.data.generator.pieces import Pieces
from microgt.data.generator.profile import plural, singular
from microgt.graph.words import STOP, stem
from microgt.spec.types import Unanswerable

# Things that few databases hold; those of which the database knows a word are not asked for.
_FOREIGN = (
    "carbon footprint", "net promoter score", "shoe size", "blood pressure", "battery level", "eye colour", "favourite film",
    "commute time", "heart rate", "password", "credit limit", "screen resolution", "water consumption", "noise level",
    "fuel efficiency", "horoscope sign", "number of siblings", "calories", "humidity", "engine power", "market share", "stock price",
    "employee turnover", "page views", "click rate", "bounce rate", "energy class", "tire pressure", "hair colour",
    "vaccination status", "parking fee", "bandwidth", "download speed", "star sign", "body mass index", "mortgage rate", "solar output",
    "soil type", "star magnitude", "wave height", "carbon tax", "cholesterol", "wingspan", "melting point", "voltage", "tree cover",
    "birth rate", "church attendance", "exchange rate", "dress code", "sugar content", "snowfall", "crime rate", "fingerprint",
    "marital status", "pet name", "driving licence",
)  # fmt: skip
_OF_ROWS = (
    "average {x} of {t}", "{x} of each {s}", "which {s} has the highest {x}", "{t} by {x}", "total {x} per {s}",
    "number of {t} for each {x}", "list the {x} of all {t}", "what is the {x} of the {t}", "{t} with the lowest {x}",
    "how has the {x} of {t} developed", "show {t} and their {x}", "how many {t} have a {x} above 10", "{x} by month", "median {x}",
    "what was the {x} last year",
)  # fmt: skip
_ELSEWHERE = (
    "tell me a joke", "hello", "who are you", "what can you do", "what is the weather like tomorrow", "write an email to all {t}",
    "delete all {t}", "remove the last {s}", "update the name of this {s}", "add a new {s}", "translate this into German", "thank you",
    "who won the world cup", "what is the capital of Australia", "how do I reset my password", "book a flight for me", "sing a song",
    "write a poem about {t}", "what do you think of our {t}", "should we hire more people", "explain quantum physics",
    "drop the table {t}", "why is the sky blue", "call the first {s}", "send this to my boss", "what is the meaning of life",
    "open the calendar", "good morning", "how are you today", "play some music", "set {t} to zero", "order a pizza", "rename the {t}",
    "which party should I vote for", "summarise the news of today", "is it going to rain", "what time is it",
    "change the price of every {s}", "insert ten {t}",
)  # fmt: skip


def no_column(pieces: Pieces) -> tuple[Unanswerable, str] | None:
    """Something that no column holds."""
    schema, rng = pieces.profile.schema, pieces.rng
    known = {stem(w) for t in schema.tables for item in (t, *t.columns) for w in item.words}
    foreign = [x for x in _FOREIGN if not ({stem(w) for w in x.split()} - STOP) & known]
    if not foreign:
        return None
    noun = rng.choice(pieces.profile.table_names(pieces.table()))
    return Unanswerable(reason="no_column"), pick(rng, _OF_ROWS, x=rng.choice(foreign), t=noun, s=singular(noun))


def out_of_scope(pieces: Pieces) -> tuple[Unanswerable, str] | None:
    """Something that is no question about the data, or that would change it."""
    noun = pieces.rng.choice(pieces.profile.table_names(pieces.table()))
    return Unanswerable(reason="out_of_scope"), pick(pieces.rng, _ELSEWHERE, t=noun, s=singular(noun))


def no_path(pieces: Pieces) -> tuple[Unanswerable, str] | None:
    """Rows of one table by a column of another that nothing connects with it."""
    profile, rng = pieces.profile, pieces.rng
    near: dict[str, set[str]] = {t.name: {t.name} for t in profile.schema.tables}
    for key in profile.schema.keys:
        joined = near[key.column.rpartition(".")[0]] | near[key.target.rpartition(".")[0]]
        for table in joined:
            near[table] = joined
    apart = [(a, b) for a in near for b in near if b not in near[a] and profile.shown(b)]
    if not apart:
        return None
    first, second = rng.choice(apart)
    column = rng.choice(profile.shown(second))
    name = f"{singular(' '.join(profile.schema.table(second).words))} {' '.join(column.words)}"
    forms = (
        "number of {t} by {d}",
        "{t} for each {d}",
        "how many {t} are there per {d}",
        "{t} grouped by {d}",
        "{t} and the {p} they belong to",
    )
    return Unanswerable(reason="no_path"), pick(rng, forms, t=rng.choice(profile.table_names(first)), d=name, p=plural(name))
