"""Facts as sentences, the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from microgt.profile.facts import Dates, Join, Table


def about(table: Table) -> Iterator[str]:
    """How the file of a table was read, its keys, duplicates and dates."""
    yield from table.loaded
    yield f"keys: {'; '.join(table.keys)}" if table.keys else "keys: none found"
    for name, count in table.repeated.items():
        yield f"duplicate keys: {count:,} value{'s' * (count != 1)} of {name} stand there more than once"
    if table.duplicates:
        yield f"duplicate rows: {table.duplicates:,}"
    for dates in table.dates:
        yield _dates(dates)


def _dates(dates: Dates) -> str:
    unit = dates.grain or "year"
    text = f"dates: {dates.column} from {dates.first} to {dates.last}; {dates.covered:,} of {dates.periods:,} {unit}s have rows"
    gaps = ", ".join(f"{begin} to {end} ({days:,} days)" for begin, end, days in dates.gaps)
    return f"{text}; longest gaps: {gaps}" if gaps else text


def joined(join: Join) -> str:
    """A join with its orphans."""
    share = f" ({join.orphans / join.rows:.1%})" if join.rows and join.orphans else ""
    orphans = f"{join.orphans:,} of {join.rows:,}{share} have no row there" if join.orphans else "every value has its row"
    return f"{join.column} to {join.target} ({join.how}): {orphans}"
