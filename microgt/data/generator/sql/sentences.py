"""From what is asked for to a whole question: as a command, a question, a request, a few words, now and then mistyped."""

from __future__ import annotations

import random
import re

from microgt.data.generator.sql.sampler import Plan

_COMMANDS = (
    "Find ",
    "Find ",
    "List ",
    "Show ",
    "Give ",
    "Give me ",
    "Return ",
    "Show me ",
    "Tell me ",
    "Display ",
    "Report ",
    "Please list ",
    "Please show ",
)
_REQUESTS = (
    "I want to know ",
    "I would like to know ",
    "Can you tell me ",
    "Could you show me ",
    "Please give me ",
    "I need ",
    "Can you list ",
)
_SINGLE = re.compile(
    r"^(the |a )?(number|total|average|mean|avg|minimum|maximum|count|sum|lowest|highest|largest|smallest|max|min|combined)\b"
)
_MISTYPED, _LOWER, _BARE = 0.03, 0.12, 0.12


def sentence(plan: Plan, rng: random.Random) -> str:
    """The question of a plan."""
    text = re.sub(r"\s+", " ", plan.text).strip()
    text = _asked(text, rng) if plan.whole else _phrase(text, rng)
    if rng.random() < _MISTYPED:
        text = _mistyped(text, rng)
    return text.lower() if rng.random() < _LOWER else text[0].upper() + text[1:]


def _asked(text: str, rng: random.Random) -> str:
    """What is a question already."""
    if "? " in text:
        return text + "."
    roll = rng.random()
    if roll < 0.06:
        return f"{rng.choice(('Can you tell me', 'Tell me', 'I want to know', 'Please tell me'))} {text}?"
    return text + ("" if roll < 0.15 else " ?" if roll < 0.2 else "?")


def _phrase(text: str, rng: random.Random) -> str:
    """What is to be asked for."""
    roll = rng.random()
    if roll < _BARE:
        return text.removeprefix("the ") + rng.choice(("", "", ".", "?", " please"))
    if text.startswith(("how many", "how ")):
        return f"{rng.choice(('Show ', 'Find ', 'Tell me ', 'Report '))}{text}{rng.choice(('.', '', '?'))}"
    if roll < 0.5:
        verb = "are" if _several(text) != (rng.random() < 0.1) else "is"
        started = text if text.startswith(("the ", "all ", "each ")) else f"the {text}"
        return f"What {verb} {started}?"
    if roll < 0.58:
        return f"{rng.choice(_REQUESTS)}{text}{rng.choice(('.', '', '?'))}"
    return f"{rng.choice(_COMMANDS)}{text}{rng.choice(('.', '.', '', '!' if rng.random() < 0.03 else '.'))}"


def _several(text: str) -> bool:
    """Whether more than one thing is asked for: names, name and age."""
    head = re.split(r" (?:of|for|with|that|in|on|where|who|which|by|per) ", text)[0]
    return not _SINGLE.match(text) and (" and " in head or (head.endswith("s") and not head.endswith(("ss", "us", "status"))))


def _mistyped(text: str, rng: random.Random) -> str:
    """Without a letter, or with two exchanged, in a word that is no number and no quotation."""
    words = list(re.finditer(r"(?<!['\"\w])[a-z]{5,}(?!['\"\w])", text))
    if not words:
        return text
    word = rng.choice(words)
    i = rng.randrange(word.start() + 1, word.end() - 1)
    return text[:i] + text[i + 1 :] if rng.random() < 0.5 else text[:i] + text[i + 1] + text[i] + text[i + 2 :]
