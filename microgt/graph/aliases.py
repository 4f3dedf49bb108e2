"""Names that stand for each other: countries, states of the USA, months, weekdays. All in normal form."""

from __future__ import annotations

from collections.abc import Iterable

from microgt.graph.dates import MONTHS

_COUNTRIES = (
    ("us", "usa", "u s", "u s a", "united states", "united states of america", "america", "american"),
    ("uk", "u k", "united kingdom", "great britain", "britain", "british"),
    ("uae", "united arab emirates"),
    ("netherlands", "the netherlands", "holland", "dutch"),
    ("germany", "german"),
    ("france", "french"),
    ("spain", "spanish"),
    ("greece", "greek"),
    ("poland", "polish"),
    ("switzerland", "swiss"),
    ("china", "chinese"),
    ("ireland", "irish"),
    ("wales", "welsh"),
    ("denmark", "danish"),
    ("sweden", "swedish"),
    ("finland", "finnish"),
    ("turkey", "turkish"),
)
_STATES = (
    "al alabama,ak alaska,az arizona,ar arkansas,ca california,co colorado,ct connecticut,de delaware,fl florida,ga georgia,hi hawaii,"
    "id idaho,il illinois,in indiana,ia iowa,ks kansas,ky kentucky,la louisiana,me maine,md maryland,ma massachusetts,mi michigan,"
    "mn minnesota,ms mississippi,mo missouri,mt montana,ne nebraska,nv nevada,nh new hampshire,nj new jersey,nm new mexico,ny new york,"
    "nc north carolina,nd north dakota,oh ohio,ok oklahoma,or oregon,pa pennsylvania,ri rhode island,sc south carolina,sd south dakota,"
    "tn tennessee,tx texas,ut utah,vt vermont,va virginia,wa washington,wv west virginia,wi wisconsin,wy wyoming,dc district of columbia"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _table(groups: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for name in group:
            found[name] = found.get(name, ()) + tuple(other for other in group if other != name)
    return found


ALIASES = _table(
    [
        *_COUNTRIES,
        *((code, name) for code, _, name in (state.partition(" ") for state in _STATES.split(","))),
        *((name, name[:3]) for name in (*MONTHS, *_WEEKDAYS) if name != "may"),
    ]
)
