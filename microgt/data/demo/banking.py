"""The markets and lending business of a bank, generated: trades, positions, value at risk and loans, April 2023 to March 2025.

October 2023 has no trades (a system change); some trades are of clients no longer on file; one desk has no traders.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from microgt.data.demo.chance import blanks, days, money, people, skewed, weighted
from microgt.data.demo.load import Contents, arrow

DDL = """
CREATE TABLE desks (id INTEGER PRIMARY KEY, name VARCHAR, location VARCHAR, var_limit DOUBLE);
CREATE TABLE traders (id INTEGER PRIMARY KEY, name VARCHAR, desk_id INTEGER REFERENCES desks (id), seniority VARCHAR, joined_on DATE,
    bonus DOUBLE);
CREATE TABLE branches (id INTEGER PRIMARY KEY, name VARCHAR, city VARCHAR);
CREATE TABLE clients (id INTEGER PRIMARY KEY, name VARCHAR, client_type VARCHAR, country VARCHAR, credit_rating VARCHAR, onboarded_on DATE,
    branch_id INTEGER REFERENCES branches (id));
CREATE TABLE instruments (id INTEGER PRIMARY KEY, symbol VARCHAR, asset_class VARCHAR, currency VARCHAR, issuer VARCHAR, maturity DATE,
    coupon DOUBLE);
CREATE TABLE trades (id INTEGER PRIMARY KEY, trade_date DATE, trader_id INTEGER REFERENCES traders (id), client_id INTEGER,
    instrument_id INTEGER REFERENCES instruments (id), side VARCHAR, quantity INTEGER, price DOUBLE, notional DOUBLE, commission DOUBLE,
    status VARCHAR);
CREATE TABLE positions (id INTEGER PRIMARY KEY, desk_id INTEGER REFERENCES desks (id), instrument_id INTEGER REFERENCES instruments (id),
    position_date DATE, quantity INTEGER, market_value DOUBLE, unrealized_pnl DOUBLE);
CREATE TABLE risk_measures (id INTEGER PRIMARY KEY, desk_id INTEGER REFERENCES desks (id), risk_date DATE, var_95 DOUBLE, var_99 DOUBLE,
    expected_shortfall DOUBLE, daily_pnl DOUBLE);
CREATE TABLE loans (id INTEGER PRIMARY KEY, client_id INTEGER REFERENCES clients (id), loan_type VARCHAR, principal DOUBLE,
    outstanding DOUBLE, interest_rate DOUBLE, issued_on DATE, days_past_due INTEGER, status VARCHAR);
COMMENT ON COLUMN trades.client_id IS 'references clients.id';
"""

FIRST_DAY, LAST_DAY = "2023-04-03", "2025-03-28"
_DESKS = ("Rates", "Credit", "FX", "Equities", "Commodities", "Structured Products")
_CLASSES = {"Government Bond": 60, "Corporate Bond": 100, "Equity": 80, "Currency": 1, "Commodity": 55, "Option": 12}
_ISSUERS = ("Northwind", "Aurora", "Castle", "Helios", "Ironbridge", "Lakeside", "Mistral", "Polaris", "Redwood", "Sterling")
_FORMS = ("Capital", "Holdings", "Trust", "Mutual", "Partners", "Global", "Reserve")


def build() -> Contents:
    """All tables."""
    rng = np.random.default_rng(20230403)
    desks = arrow(
        {
            "id": range(1, 7),
            "name": _DESKS,
            "location": ("London", "London", "New York", "New York", "Singapore", "Frankfurt"),
            "var_limit": (900_000.0, 1_100_000.0, 600_000.0, 1_300_000.0, 500_000.0, 400_000.0),
        }
    )
    branches = arrow(
        {
            "id": range(1, 8),
            "name": ("City", "Docklands", "Midtown", "Harbor", "Main Tower", "Riverside", "Old Town"),
            "city": ("London", "London", "New York", "Singapore", "Frankfurt", "Paris", "Zurich"),
        }
    )
    instruments = _instruments(rng, 90)
    tables = {
        "desks": desks,
        "traders": _traders(rng, 32),
        "branches": branches,
        "clients": _clients(rng, 320),
        "instruments": instruments,
        "trades": _trades(rng, instruments),
        "positions": _positions(rng, instruments),
        "risk_measures": _risk(rng),
        "loans": _loans(rng, 900),
    }
    return Contents(DDL, tables)


def _traders(rng: np.random.Generator, n: int) -> pa.Table:
    seniority = weighted(rng, {"Junior": 3, "Senior": 4, "Head": 2}, n)
    typical = np.array([{"Junior": 25_000, "Senior": 70_000, "Head": 150_000}[s] for s in seniority])
    return arrow(
        {
            "id": range(1, n + 1),
            "name": people(rng, n),
            "desk_id": skewed(rng, np.arange(1, 6), n, 0.4),  # desk 6 has no traders
            "seniority": seniority,
            "joined_on": days(rng, "2010-01-01", "2024-12-01", n),
            "bonus": blanks(rng, np.round(typical * rng.lognormal(0, 0.4, n), -3), 0.1),
        }
    )


def _clients(rng: np.random.Generator, n: int) -> pa.Table:
    kinds = {"Corporate": 4, "Hedge Fund": 1.5, "Pension Fund": 1, "Private": 3, "Insurer": 0.8}
    company = np.array([f"{a} {b} {c}" for a in _ISSUERS for b in _FORMS for c in ("I", "II", "III", "IV", "V")])
    kind = weighted(rng, kinds, n)
    names = np.where(kind == "Private", people(rng, n), rng.permutation(company)[:n])
    return arrow(
        {
            "id": range(1, n + 1),
            "name": names,
            "client_type": kind,
            "country": weighted(
                rng,
                {"United Kingdom": 3, "United States": 3, "Germany": 2, "France": 1.5, "Switzerland": 1, "Singapore": 1, "Japan": 0.6},
                n,
            ),
            "credit_rating": blanks(rng, weighted(rng, {"AAA": 0.5, "AA": 1.5, "A": 3, "BBB": 3, "BB": 1.5, "B": 0.7}, n), 0.12),
            "onboarded_on": days(rng, "2012-01-02", "2025-02-20", n, growth=0.1),
            "branch_id": skewed(rng, np.arange(1, 7), n, 0.5),  # branch 7 has no clients
        }
    )


def _instruments(rng: np.random.Generator, n: int) -> pa.Table:
    kind = weighted(rng, {"Government Bond": 2, "Corporate Bond": 3, "Equity": 4, "Currency": 1, "Commodity": 1, "Option": 1.5}, n)
    bond = np.char.endswith(kind, "Bond")
    return arrow(
        {
            "id": range(1, n + 1),
            "symbol": [f"{k[:2].upper()}{i:03d}" for i, k in enumerate(kind, 1)],
            "asset_class": kind,
            "currency": weighted(rng, {"USD": 5, "EUR": 3, "GBP": 2, "JPY": 1}, n),
            "issuer": np.ma.masked_array(skewed(rng, _ISSUERS, n, 0.3), mask=np.isin(kind, ("Currency", "Commodity"))),
            "maturity": np.ma.masked_array(rng.permutation(days(rng, "2025-09-01", "2045-06-30", n)), mask=~bond),
            "coupon": np.ma.masked_array(np.round(rng.uniform(0.5, 7.5, n), 2), mask=~bond),
        }
    )


def _trades(rng: np.random.Generator, instruments: pa.Table) -> pa.Table:
    n = 9000
    instrument = skewed(rng, np.arange(1, instruments.num_rows - 1), n, 0.6)  # the last two were never traded
    base = np.array([_CLASSES[k] for k in instruments["asset_class"].to_pylist()])[instrument - 1]
    quantity = (np.ceil(rng.lognormal(3.2, 1.1, n)) * 100).astype(int)
    price = np.round(base * rng.lognormal(0, 0.12, n), 4)
    notional = money(quantity * price)
    return arrow(
        {
            "id": range(1, n + 1),
            "trade_date": days(rng, FIRST_DAY, LAST_DAY, n, growth=0.1, without="2023-10"),
            "trader_id": skewed(rng, np.arange(1, 32), n, 0.5),  # the newest trader has not traded
            "client_id": np.where(rng.random(n) < 0.01, 320 + rng.integers(1, 15, n), skewed(rng, np.arange(1, 281), n, 0.6)),
            "instrument_id": instrument,
            "side": weighted(rng, {"Buy": 5.3, "Sell": 4.7}, n),
            "quantity": quantity,
            "price": price,
            "notional": notional,
            "commission": blanks(rng, money(notional * rng.uniform(0.0002, 0.002, n)), 0.04),
            "status": weighted(rng, {"Settled": 9, "Pending": 0.4, "Failed": 0.3, "Cancelled": 0.3}, n),
        }
    )


def _positions(rng: np.random.Generator, instruments: pa.Table) -> pa.Table:
    """Month-end positions of each desk in the instruments it holds."""
    months = np.arange(np.datetime64("2023-05"), np.datetime64("2025-05")).astype("datetime64[D]") - 1
    months[-1] = np.datetime64(LAST_DAY)
    held = [(desk, i) for desk in range(1, 7) for i in rng.choice(instruments.num_rows, 12, replace=False) + 1]
    desk, instrument = (np.repeat(column, len(months)) for column in zip(*held, strict=True))
    n = len(desk)
    quantity = (rng.normal(0, 1, n) * 4000 + 2500).astype(int)
    base = np.array([_CLASSES[k] for k in instruments["asset_class"].to_pylist()])[instrument - 1]
    value = money(quantity * base * rng.lognormal(0, 0.1, n))
    return arrow(
        {
            "id": range(1, n + 1),
            "desk_id": desk,
            "instrument_id": instrument,
            "position_date": np.tile(months, len(held)),
            "quantity": quantity,
            "market_value": value,
            "unrealized_pnl": blanks(rng, money(value * rng.normal(0.01, 0.06, n)), 0.03),
        }
    )


def _risk(rng: np.random.Generator) -> pa.Table:
    """Value at risk of each desk on each weekday."""
    calendar = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY) + 1)
    calendar = calendar[np.is_busday(calendar)]
    level = np.array([520_000, 640_000, 330_000, 760_000, 290_000, 180_000.0])
    wave = 1 + 0.25 * np.sin(np.arange(len(calendar)) / 40)
    var = (level[:, None] * wave * rng.lognormal(0, 0.18, (6, len(calendar)))).ravel()
    n = len(var)
    return arrow(
        {
            "id": range(1, n + 1),
            "desk_id": np.repeat(np.arange(1, 7), len(calendar)),
            "risk_date": np.tile(calendar, 6),
            "var_95": money(var),
            "var_99": money(var * rng.uniform(1.35, 1.5, n)),
            "expected_shortfall": blanks(rng, money(var * rng.uniform(1.5, 1.9, n)), 0.02),
            "daily_pnl": money(rng.standard_t(4, n) * var * 0.45 + var * 0.03),
        }
    )


def _loans(rng: np.random.Generator, n: int) -> pa.Table:
    kind = weighted(rng, {"Mortgage": 4, "Working Capital": 3, "Consumer": 2, "Project Finance": 1}, n)
    size = {"Mortgage": 350_000, "Working Capital": 600_000, "Consumer": 20_000, "Project Finance": 4_000_000}
    principal = np.round(np.array([size[k] for k in kind]) * rng.lognormal(0, 0.5, n), -3)
    late = np.where(rng.random(n) < 0.14, rng.geometric(0.02, n), 0)
    status = np.where(late > 90, "Default", np.where(late > 0, "Late", np.where(rng.random(n) < 0.2, "Repaid", "Performing")))
    return arrow(
        {
            "id": range(1, n + 1),
            "client_id": skewed(rng, np.arange(1, 301), n, 0.4),
            "loan_type": kind,
            "principal": principal,
            "outstanding": np.where(status == "Repaid", 0.0, money(principal * rng.uniform(0.1, 0.98, n))),
            "interest_rate": blanks(rng, np.round(rng.uniform(1.2, 9.5, n), 2), 0.02),
            "issued_on": days(rng, "2018-01-08", "2025-03-14", n, growth=0.1),
            "days_past_due": late,
            "status": status,
        }
    )
