"""Names that stand for each other: countries, states of the USA, months, weekdays. All in normal form."""

from __future__ import annotations

from collections.abc import Iterable

from microgt.graph.dates import MONTHS

# Codes (ISO 3166), names and adjectives of a country; first those of which a name has several words.
_COUNTRIES = (
    ("us", "usa", "u s", "u s a", "united states", "united states of america", "america", "american"),
    ("gb", "gbr", "uk", "u k", "united kingdom", "great britain", "britain", "british"),
    ("ae", "uae", "united arab emirates"),
    ("nl", "nld", "netherlands", "the netherlands", "holland", "dutch"),
    ("cz", "cze", "czechia", "czech republic", "czech"),
    ("kr", "kor", "south korea", "korea", "korean"),
    ("ru", "rus", "russia", "russian federation", "russian"),
    ("wales", "welsh"),
    ("scotland", "scottish"),
    ("za", "zaf", "south africa", "south african"),
    ("nz", "nzl", "new zealand"),
    ("sa", "sau", "saudi arabia", "saudi"),
)
_MORE_COUNTRIES = (
    "de deu germany german,fr fra france french,es esp spain spanish,it ita italy italian,pt prt portugal portuguese,"
    "gr grc greece greek,pl pol poland polish,ch che switzerland swiss,at aut austria austrian,be bel belgium belgian,"
    "ie irl ireland irish,dk dnk denmark danish,se swe sweden swedish,no nor norway norwegian,fi fin finland finnish,"
    "tr tur turkey turkish,hu hun hungary hungarian,ro rou romania romanian,bg bgr bulgaria bulgarian,hr hrv croatia croatian,"
    "lu lux luxembourg,is isl iceland icelandic,ua ukr ukraine ukrainian,cn chn china chinese,jp jpn japan japanese,"
    "in ind india indian,sg sgp singapore,id idn indonesia indonesian,my mys malaysia malaysian,th tha thailand thai,"
    "vn vnm vietnam vietnamese,ph phl philippines filipino,au aus australia australian,ca can canada canadian,"
    "mx mex mexico mexican,br bra brazil brazilian,ar arg argentina argentinian,cl chl chile chilean,co col colombia colombian,"
    "pe per peru peruvian,ng nga nigeria nigerian,ke ken kenya kenyan,eg egy egypt egyptian,"
    "ma mar morocco moroccan,il isr israel israeli,qa qat qatar"
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
        *(tuple(country.split()) for country in _MORE_COUNTRIES.split(",")),
        *((code, name) for code, _, name in (state.partition(" ") for state in _STATES.split(","))),
        *((name, name[:3]) for name in (*MONTHS, *_WEEKDAYS) if name != "may"),
    ]
)
