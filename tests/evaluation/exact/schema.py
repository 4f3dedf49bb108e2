"""Singers, their concerts, and where these are."""

from microgt.schema.types import Column, ColumnType, ForeignKey, Schema, Table

_KEYS = {"singer": "singer_id", "stadium": "stadium_id", "concert": "concert_id", "sings": None}


def _table(name, columns):
    kinds = {c: ColumnType.NUMBER if c.endswith("id") or c in ("age", "seats", "year") else ColumnType.TEXT for c in columns.split()}
    return Table(name, (name,), tuple(Column(name, c, kind, (c,), c == _KEYS[name]) for c, kind in kinds.items()))


SCHEMA = Schema(
    "concerts",
    (
        _table("singer", "singer_id name country age"),
        _table("stadium", "stadium_id name seats"),
        _table("concert", "concert_id title year stadium_id"),
        _table("sings", "concert_id singer_id"),
    ),
    (
        ForeignKey("concert.stadium_id", "stadium.stadium_id"),
        ForeignKey("sings.concert_id", "concert.concert_id"),
        ForeignKey("sings.singer_id", "singer.singer_id"),
    ),
)
