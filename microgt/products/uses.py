"""How a product is used: a line for each time that somebody has looked at it, changed what it shows, or said what they think of it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from microgt.errors import DataError
from microgt.lines import append_line, read_lines
from microgt.products.store import Store, now

VIEW, EDIT, UP, DOWN = USES = ("view", "edit", "up", "down")
_FILE = "uses.jsonl"


def note_use(store: Store, name: str, what: str, who: str = "") -> None:
    """Write one down. A folder that cannot be written is no reason to show nothing."""
    with suppress(DataError):
        append_line(store.folder / name / _FILE, {"at": now(), "what": what, **({"who": who} if who else {})})


def uses_of(store: Store, name: str) -> dict[str, int]:
    """How often each has happened. What cannot be read is passed over."""
    found: Counter[str] = Counter(dict.fromkeys(USES, 0))
    with suppress(DataError):
        found.update(
            line["what"] for line in read_lines(store.folder / name / _FILE) if isinstance(line, dict) and line.get("what") in USES
        )
    return dict(found)
