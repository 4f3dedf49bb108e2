"""A software company, generated: accounts on plans, invoices and payments, usage, support tickets and churn, January 2023 to May 2025.

April 2024 has no support tickets (the help desk moved); some tickets come from accounts that were deleted; some accounts never subscribed.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from microgt.data.demo.chance import blanks, days, money, people, skewed, weighted
from microgt.data.demo.load import Contents, arrow

DDL = """
CREATE TABLE sales_reps (id INTEGER PRIMARY KEY, name VARCHAR, office VARCHAR, quota DOUBLE, hired_on DATE);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, company VARCHAR, industry VARCHAR, country VARCHAR, employees INTEGER, signup_date DATE,
    sales_rep_id INTEGER REFERENCES sales_reps (id), referral_source VARCHAR);
CREATE TABLE plans (id INTEGER PRIMARY KEY, name VARCHAR, tier VARCHAR, monthly_price DOUBLE, seats_included INTEGER, public BOOLEAN);
CREATE TABLE subscriptions (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES accounts (id), plan_id INTEGER REFERENCES plans (id),
    start_date DATE, end_date DATE, status VARCHAR, billing_cycle VARCHAR, seats INTEGER, mrr DOUBLE, churn_reason VARCHAR);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, subscription_id INTEGER REFERENCES subscriptions (id), invoice_date DATE, due_date DATE,
    amount DOUBLE, tax DOUBLE, status VARCHAR);
CREATE TABLE payments (id INTEGER PRIMARY KEY, invoice_id INTEGER REFERENCES invoices (id), paid_on DATE, amount DOUBLE, method VARCHAR,
    outcome VARCHAR);
CREATE TABLE agents (id INTEGER PRIMARY KEY, name VARCHAR, team VARCHAR, hired_on DATE);
CREATE TABLE tickets (id INTEGER PRIMARY KEY, account_id INTEGER, agent_id INTEGER REFERENCES agents (id), opened_on DATE, closed_on DATE,
    priority VARCHAR, topic VARCHAR, satisfaction INTEGER);
CREATE TABLE usage (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES accounts (id), month DATE, active_users INTEGER,
    api_calls INTEGER, storage_gb DOUBLE);
COMMENT ON COLUMN tickets.account_id IS 'references accounts.id';
"""

FIRST_DAY, LAST_DAY = np.datetime64("2023-01-01"), np.datetime64("2025-05-27")
_PLANS = (
    ("Starter", "Basic", 19.0, 1, True), ("Team", "Standard", 49.0, 5, True), ("Business", "Standard", 129.0, 20, True),
    ("Enterprise", "Premium", 399.0, 100, True), ("Legacy Basic", "Basic", 12.0, 1, False), ("Premium Plus", "Premium", 649.0, 250, True),
    ("Partner", "Standard", 89.0, 10, False),
)  # fmt: skip
_NAMES = ("Acorn", "Beacon", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lumen", "Meridian",
    "Nimbus", "Orchid", "Pioneer", "Quartz", "Raven", "Summit", "Tundra", "Umbra", "Vertex", "Willow", "Zephyr")  # fmt: skip
_KINDS = ("Labs", "Systems", "Group", "Foods", "Media", "Health", "Logistics", "Partners", "Energy", "Studio")


def build() -> Contents:
    """All tables."""
    rng = np.random.default_rng(20230101)
    accounts = _accounts(rng, 240)
    subscriptions = _subscriptions(rng, accounts)
    invoices = _invoices(rng, subscriptions)
    reps = arrow(
        {
            "id": range(1, 11),
            "name": people(rng, 10),
            "office": ("London", "London", "Dublin", "Boston", "Boston", "Boston", "Toronto", "Singapore", "Singapore", "Berlin"),
            "quota": np.round(rng.uniform(40_000, 120_000, 10), -3),
            "hired_on": days(rng, "2018-02-01", "2024-09-30", 10),
        }
    )
    plans = [list(column) for column in zip(*_PLANS, strict=True)]
    tables = {
        "sales_reps": reps,
        "accounts": accounts,
        "plans": arrow(
            dict(zip(("name", "tier", "monthly_price", "seats_included", "public"), plans, strict=True)) | {"id": range(1, len(_PLANS) + 1)}
        ),
        "subscriptions": subscriptions,
        "invoices": invoices,
        "payments": _payments(rng, invoices),
        "agents": arrow(
            {
                "id": range(1, 13),
                "name": people(rng, 12),
                "team": weighted(rng, {"Tier 1": 5, "Tier 2": 3, "Billing": 2}, 12),
                "hired_on": days(rng, "2019-01-01", "2024-11-30", 12),
            }
        ),
        "tickets": _tickets(rng, accounts.num_rows),
        "usage": _usage(rng, accounts),
    }
    return Contents(DDL, tables)


def _accounts(rng: np.random.Generator, n: int) -> pa.Table:
    companies = np.array([f"{name} {kind}" for name in _NAMES for kind in _KINDS])
    countries = {"United States": 4, "United Kingdom": 2, "Germany": 1.5, "Canada": 1, "Singapore": 0.8, "France": 0.7, "Ireland": 0.4}
    industries = {"Software": 3, "Retail": 2, "Healthcare": 1.5, "Finance": 1.5, "Logistics": 1, "Education": 0.8, "Manufacturing": 1}
    sources = {"Organic search": 3, "Referral": 2, "Paid ads": 2, "Event": 1, "Partner": 1}
    return arrow(
        {
            "id": range(1, n + 1),
            "company": rng.permutation(companies)[:n],
            "industry": blanks(rng, weighted(rng, industries, n), 0.06),
            "country": weighted(rng, countries, n),
            "employees": blanks(rng, np.maximum(2, rng.lognormal(4.2, 1.4, n)).astype(int), 0.08),
            "signup_date": days(rng, "2022-11-01", "2025-05-20", n, growth=0.3),
            "sales_rep_id": blanks(rng, skewed(rng, np.arange(1, 10), n, 0.5), 0.12),  # rep 10 has no account yet
            "referral_source": blanks(rng, weighted(rng, sources, n), 0.1),
        }
    )


def _subscriptions(rng: np.random.Generator, accounts: pa.Table) -> pa.Table:
    """One to three subscriptions for nine accounts in ten."""
    account = np.repeat(
        np.arange(1, accounts.num_rows + 1), np.where(rng.random(accounts.num_rows) < 0.1, 0, 1 + rng.binomial(2, 0.45, accounts.num_rows))
    )
    n = len(account)
    signup = np.asarray(accounts["signup_date"])[account - 1].astype("datetime64[D]")
    start = np.minimum(np.maximum(signup + rng.geometric(0.02, n) - 1, FIRST_DAY), LAST_DAY - 5)
    end = start + (60 + rng.exponential(480, n)).astype(int)
    running = (end > LAST_DAY) | (rng.random(n) < 0.12)
    plan = rng.choice(len(_PLANS), n, p=[0.27, 0.27, 0.2, 0.1, 0.06, 0.04, 0.06])
    seats = 1 + (rng.lognormal(0.4, 0.9, n) * np.array([p[3] for p in _PLANS])[plan] * 0.6).astype(int)
    mrr = np.array([p[2] for p in _PLANS])[plan] * (1 + np.minimum(seats, 400) / 100)
    reasons = {"Too expensive": 3, "Missing features": 2, "Switched to competitor": 2, "Went out of business": 0.8, "Poor support": 1.2}
    return arrow(
        {
            "id": range(1, n + 1),
            "account_id": account,
            "plan_id": plan + 1,
            "start_date": start,
            "end_date": np.ma.masked_array(end, mask=running),
            "status": np.where(running, weighted(rng, {"active": 8.5, "paused": 0.8, "trial": 0.7}, n), "cancelled"),
            "billing_cycle": weighted(rng, {"monthly": 7, "annual": 3}, n),
            "seats": seats,
            "mrr": money(mrr),
            "churn_reason": np.ma.masked_array(weighted(rng, reasons, n), mask=running | (rng.random(n) < 0.15)),
        }
    )


def _invoices(rng: np.random.Generator, subscriptions: pa.Table) -> pa.Table:
    """One invoice each 30 days; a yearly one of twelve months, less a tenth, for annual billing."""
    rows = subscriptions.to_pylist()
    step = {"monthly": 30, "annual": 365}
    billed = [(s, day) for s in rows if s["status"] != "trial" for day in _due(s["start_date"], s["end_date"], step[s["billing_cycle"]])]
    n = len(billed)
    factor = {"monthly": 1.0, "annual": 12 * 0.9}
    amount = money(np.array([s["mrr"] * factor[s["billing_cycle"]] for s, _ in billed]) * rng.choice([1, 1, 1, 1.1, 1.05], n))
    day = np.array([d for _, d in billed], dtype="datetime64[D]")
    late = np.where(
        day > LAST_DAY - 25, weighted(rng, {"open": 8, "paid": 2}, n), weighted(rng, {"paid": 9.1, "overdue": 0.6, "void": 0.3}, n)
    )
    return arrow(
        {
            "id": range(1, n + 1),
            "subscription_id": [s["id"] for s, _ in billed],
            "invoice_date": day,
            "due_date": day + 30,
            "amount": amount,
            "tax": blanks(rng, money(amount * 0.2), 0.03),
            "status": late,
        }
    )


def _due(start, end, step: int) -> np.ndarray:
    return np.arange(np.datetime64(start), np.datetime64(end) if end else LAST_DAY, step)


def _payments(rng: np.random.Generator, invoices: pa.Table) -> pa.Table:
    """A payment for each paid invoice; one in twelve failed first, one in a hundred was refunded later."""
    paid = np.flatnonzero(np.asarray(invoices["status"]) == "paid")
    failed = rng.choice(paid, len(paid) // 12, replace=False)
    refunded = rng.choice(paid, len(paid) // 100, replace=False)
    invoice = np.concatenate([failed, paid, refunded])
    outcome = np.repeat(["failed", "succeeded", "refunded"], [len(failed), len(paid), len(refunded)])
    day = np.asarray(invoices["invoice_date"])[invoice].astype("datetime64[D]") + rng.integers(0, 20, len(invoice))
    order = np.lexsort((invoice, day))
    return arrow(
        {
            "id": range(1, len(order) + 1),
            "invoice_id": invoice[order] + 1,
            "paid_on": np.minimum(day, LAST_DAY)[order],
            "amount": np.asarray(invoices["amount"])[invoice][order],
            "method": blanks(rng, weighted(rng, {"card": 6, "bank transfer": 2.5, "direct debit": 1.5}, len(order)), 0.02),
            "outcome": outcome[order],
        }
    )


def _tickets(rng: np.random.Generator, accounts: int) -> pa.Table:
    """2,600 tickets; ids above `accounts` are of deleted accounts."""
    n = 2600
    opened = days(rng, "2023-01-02", "2025-05-26", n, growth=0.2, without="2024-04")
    closed = opened + rng.geometric(0.22, n)
    waiting = (closed > LAST_DAY) | (rng.random(n) < 0.03)
    return arrow(
        {
            "id": range(1, n + 1),
            "account_id": np.where(
                rng.random(n) < 0.02, accounts + rng.integers(1, 20, n), skewed(rng, np.arange(1, accounts - 19), n, 0.5)
            ),
            "agent_id": blanks(rng, skewed(rng, np.arange(1, 12), n, 0.4), 0.05),
            "opened_on": opened,
            "closed_on": np.ma.masked_array(closed, mask=waiting),
            "priority": weighted(rng, {"low": 4, "medium": 3.5, "high": 1.8, "urgent": 0.7}, n),
            "topic": weighted(rng, {"Billing": 3, "Bug": 3, "How-to": 2.5, "Feature request": 1.5, "Outage": 0.6}, n),
            "satisfaction": blanks(rng, rng.choice(np.arange(1, 6), n, p=[0.06, 0.09, 0.2, 0.35, 0.3]), 0.4),
        }
    )


def _usage(rng: np.random.Generator, accounts: pa.Table) -> pa.Table:
    """One row an account and month since its signup, with a few months missing."""
    months = np.arange(np.datetime64("2023-01"), np.datetime64("2025-06"))
    signup = np.asarray(accounts["signup_date"]).astype("datetime64[M]")
    account, month = np.nonzero((months[None, :] >= signup[:, None]) & (rng.random((accounts.num_rows, len(months))) > 0.04))
    n = len(account)
    scale = rng.lognormal(2.5, 1.0, accounts.num_rows)[account]
    users = 1 + rng.poisson(scale)
    return arrow(
        {
            "id": range(1, n + 1),
            "account_id": account + 1,
            "month": months[month].astype("datetime64[D]"),
            "active_users": users,
            "api_calls": blanks(rng, rng.poisson(users * 140.0), 0.03),
            "storage_gb": money(users * rng.lognormal(0.2, 0.5, n)),
        }
    )
