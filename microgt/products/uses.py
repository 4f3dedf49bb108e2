"""How a product is used: a line for each time that somebody has looked at it or said what they think of it."""

from __future__ import annotations

import json
from collections import Counter

from microgt.products.store import Store, now

VIEW, UP, DOWN = USES = ("view", "up", "down")
_FILE = "uses.jsonl"


def note_use(store: Store, name: str, what: str, who: str = "") -> None:
    """Write one down. Lines of several processes do not mix, and a folder that cannot be written is no reason to show nothing."""
    line = json.dumps({"at": now(), "what": what, **({"who": who} if who else {})}, ensure_ascii=False)
    try:
        with (store.folder / name / _FILE).open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())
    except OSError:
        return


def uses_of(store: Store, name: str) -> dict[str, int]:
    """How often each has happened. A line that was cut short by a crash is passed over."""
    found: Counter[str] = Counter(dict.fromkeys(USES, 0))
    try:
        lines = (store.folder / name / _FILE).read_bytes().splitlines()
    except OSError:
        lines = []
    for line in lines:
        try:
            what = json.loads(line)["what"]
        except (ValueError, KeyError, TypeError):
            continue
        if what in USES:
            found[what] += 1
    return dict(found)
