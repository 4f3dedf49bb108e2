"""A chain of shops, generated: orders and their items, customers, products, suppliers, stores, staff and returns, July 2022 to June 2025.

August 2023 has no orders (the tills were being replaced); online orders have no store; some guests have no customer row; some customers
never bought and one store has not opened yet.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from microgt.data.demo.chance import blanks, days, money, people, skewed, weighted
from microgt.data.demo.load import Contents, arrow

DDL = """
CREATE TABLE regions (id INTEGER PRIMARY KEY, name VARCHAR, country VARCHAR);
CREATE TABLE stores (id INTEGER PRIMARY KEY, name VARCHAR, city VARCHAR, region_id INTEGER REFERENCES regions (id), format VARCHAR,
    floor_area INTEGER, opened_on DATE);
CREATE TABLE employees (id INTEGER PRIMARY KEY, name VARCHAR, title VARCHAR, store_id INTEGER REFERENCES stores (id), salary DOUBLE,
    hired_on DATE, manager_id INTEGER);
CREATE TABLE suppliers (id INTEGER PRIMARY KEY, name VARCHAR, country VARCHAR, lead_time_days INTEGER);
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR, category VARCHAR, brand VARCHAR, supplier_id INTEGER REFERENCES suppliers (id),
    list_price DOUBLE, unit_cost DOUBLE, launched_on DATE, discontinued BOOLEAN);
CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, segment VARCHAR, city VARCHAR, loyalty_tier VARCHAR, birth_year INTEGER,
    signup_date DATE, email_opt_in BOOLEAN);
CREATE TABLE orders (id INTEGER PRIMARY KEY, order_date DATE, customer_id INTEGER, store_id INTEGER REFERENCES stores (id), channel VARCHAR,
    status VARCHAR, payment_method VARCHAR, shipping_fee DOUBLE);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id), product_id INTEGER REFERENCES products (id),
    quantity INTEGER, unit_price DOUBLE, discount DOUBLE, amount DOUBLE);
CREATE TABLE returns (id INTEGER PRIMARY KEY, order_item_id INTEGER REFERENCES order_items (id), return_date DATE, quantity INTEGER,
    reason VARCHAR, refund_amount DOUBLE);
COMMENT ON COLUMN orders.customer_id IS 'references customers.id';
COMMENT ON COLUMN employees.manager_id IS 'references employees.id';
"""

FIRST_DAY, LAST_DAY = "2022-07-01", "2025-06-22"
_CITIES = {
    "North": ("Hamburg", "Bremen", "Kiel"), "South": ("Munich", "Stuttgart", "Nuremberg"), "East": ("Berlin", "Leipzig", "Dresden"),
    "West": ("Cologne", "Essen", "Bonn"), "Alps": ("Vienna", "Salzburg", "Innsbruck"), "Lakes": ("Zurich", "Geneva", "Lugano"),
}  # fmt: skip
_COUNTRIES = ("Germany", "Germany", "Germany", "Germany", "Austria", "Switzerland")
_GOODS = {
    "Kitchen": ("Chef Knife", "Frying Pan", "Kettle", "Toaster", "Blender", "Cutting Board", "Espresso Machine", "Salad Bowl"),
    "Garden": ("Lawn Mower", "Hose Reel", "Flower Pot", "Garden Chair", "Pruning Shears", "Grill", "Parasol"),
    "Electronics": ("Headphones", "Speaker", "Tablet", "Smart Watch", "Webcam", "Keyboard", "Monitor"),
    "Toys": ("Puzzle", "Board Game", "Building Blocks", "Doll House", "Race Track"),
    "Sports": ("Yoga Mat", "Dumbbell Set", "Tent", "Sleeping Bag", "Bicycle Helmet", "Running Shoes"),
    "Furniture": ("Desk", "Office Chair", "Bookshelf", "Sofa", "Floor Lamp"),
    "Books": ("Cookbook", "Travel Guide", "Picture Book", "Crime Novel"),
}
_PRICES = {"Kitchen": 45, "Garden": 70, "Electronics": 130, "Toys": 28, "Sports": 60, "Furniture": 210, "Books": 18}
_BRANDS = ("Alder", "Bluepeak", "Corvo", "Dune", "Everly", "Fjord")
_SEASON = (0.8, 0.75, 0.9, 1.0, 1.05, 1.0, 0.95, 0.9, 0.95, 1.05, 1.35, 1.8)


def build() -> Contents:
    """All tables."""
    rng = np.random.default_rng(20220701)
    regions = arrow({"id": range(1, 7), "name": list(_CITIES), "country": _COUNTRIES})
    stores = _stores(rng)
    products = _products(rng)
    orders = _orders(rng, customers := 1500, stores.num_rows - 1)
    items = _items(rng, orders, products)
    tables = {
        "regions": regions,
        "stores": stores,
        "employees": _employees(rng, stores.num_rows - 1),
        "suppliers": _suppliers(),
        "products": products,
        "customers": _customers(rng, customers),
        "orders": orders,
        "order_items": items,
        "returns": _returns(rng, items, orders),
    }
    return Contents(DDL, tables)


def _stores(rng: np.random.Generator) -> pa.Table:
    """One store a city, a second one in some; the last is not open yet."""
    places = [(city, region + 1) for region, cities in enumerate(_CITIES.values()) for city in cities]
    places += [("Berlin", 3), ("Munich", 2), ("Hamburg", 1), ("Vienna", 5), ("Cologne", 4), ("Basel", 6)]
    n = len(places)
    suffix = ["Central"] * 18 + ["Arcades"] * 5 + ["Central"]
    return arrow(
        {
            "id": range(1, n + 1),
            "name": [f"{city} {kind}" for (city, _), kind in zip(places, suffix, strict=True)],
            "city": [city for city, _ in places],
            "region_id": [region for _, region in places],
            "format": weighted(rng, {"Flagship": 2, "Standard": 5, "Outlet": 2, "Express": 2}, n),
            "floor_area": rng.integers(8, 60, n) * 50,
            "opened_on": np.append(days(rng, "2009-03-01", "2022-05-30", n - 1), np.datetime64("2025-06-01")),
        }
    )


def _employees(rng: np.random.Generator, stores: int) -> pa.Table:
    """A head of retail, a manager for each store, and staff."""
    n = 180
    store = np.concatenate([[1], np.arange(1, stores + 1), skewed(rng, np.arange(1, stores + 1), n - stores - 1, 0.5)])
    title = np.concatenate(
        [
            ["Head of Retail"],
            ["Store Manager"] * stores,
            weighted(rng, {"Sales Associate": 6, "Cashier": 4, "Stock Clerk": 2}, n - stores - 1),
        ]
    )
    base = {"Head of Retail": 120_000, "Store Manager": 62_000, "Sales Associate": 38_000, "Cashier": 32_000, "Stock Clerk": 31_000}
    pay = np.round(np.array([base[t] for t in title]) * rng.normal(1, 0.08, n), -2)
    manager = np.concatenate([[0], np.ones(stores, int), 1 + store[stores + 1 :]])
    return arrow(
        {
            "id": range(1, n + 1),
            "name": people(rng, n),
            "title": title,
            "store_id": store,
            "salary": blanks(rng, pay, 0.03),
            "hired_on": rng.permutation(days(rng, "2010-01-01", "2025-05-30", n)),
            "manager_id": np.ma.masked_equal(manager, 0),
        }
    )


def _suppliers() -> pa.Table:
    names = ("Hanse Trading", "Alpina Works", "Nordlicht", "Casa Verde", "Pacific Goods", "Danube Supply", "Torino Design", "Oak & Sons")
    countries = ("Germany", "Austria", "Sweden", "Italy", "China", "Hungary", "Italy", "United Kingdom")
    return arrow({"id": range(1, 9), "name": names, "country": countries, "lead_time_days": (7, 10, 14, 12, 45, 9, 15, 21)})


def _products(rng: np.random.Generator) -> pa.Table:
    """Three brands of most goods, dearer and cheaper; a few without brand or supplier."""
    rows = [(category, good, brand) for category, goods in _GOODS.items() for good in goods for brand in rng.permutation(_BRANDS)[:3]]
    n = len(rows)
    price = money(np.array([_PRICES[c] for c, _, _ in rows]) * rng.lognormal(0, 0.45, n))
    return arrow(
        {
            "id": range(1, n + 1),
            "name": [f"{brand} {good}" for _, good, brand in rows],
            "category": [category for category, _, _ in rows],
            "brand": blanks(rng, np.array([brand for _, _, brand in rows]), 0.04),
            "supplier_id": blanks(rng, skewed(rng, np.arange(1, 8), n, 0.6), 0.05),  # supplier 8 delivers nothing
            "list_price": price,
            "unit_cost": money(price * rng.uniform(0.4, 0.75, n)),
            "launched_on": rng.permutation(days(rng, "2019-01-01", "2024-11-30", n)),
            "discontinued": rng.random(n) < 0.1,
        }
    )


def _customers(rng: np.random.Generator, n: int) -> pa.Table:
    cities = [city for cities in _CITIES.values() for city in cities]
    return arrow(
        {
            "id": range(1, n + 1),
            "name": people(rng, n),
            "segment": weighted(rng, {"Consumer": 6, "Small Business": 2.5, "Corporate": 1.5}, n),
            "city": skewed(rng, cities, n, 0.6),
            "loyalty_tier": blanks(rng, weighted(rng, {"Bronze": 5, "Silver": 3, "Gold": 1.5, "Platinum": 0.5}, n), 0.25),
            "birth_year": blanks(rng, rng.integers(1945, 2006, n), 0.1),
            "signup_date": days(rng, "2021-01-04", LAST_DAY, n, growth=0.2),
            "email_opt_in": rng.random(n) < 0.62,
        }
    )


def _orders(rng: np.random.Generator, customers: int, stores: int) -> pa.Table:
    """12,000 orders. The last 60 customers never bought; ids above `customers` are guests."""
    n = 12_000
    channel = weighted(rng, {"Store": 5.5, "Online": 3.5, "Phone": 1}, n)
    guest = rng.random(n) < 0.015
    store = np.ma.masked_array(skewed(rng, np.arange(1, stores + 1), n), mask=channel == "Online")
    return arrow(
        {
            "id": range(1, n + 1),
            "order_date": days(rng, FIRST_DAY, LAST_DAY, n, growth=0.15, season=_SEASON, without="2023-08"),
            "customer_id": np.where(guest, customers + rng.integers(1, 120, n), skewed(rng, np.arange(1, customers - 59), n, 0.55)),
            "store_id": store,
            "channel": channel,
            "status": weighted(rng, {"Completed": 8.8, "Cancelled": 0.6, "Pending": 0.3, "Shipped": 0.3}, n),
            "payment_method": blanks(rng, weighted(rng, {"Card": 6, "Cash": 2, "PayPal": 2, "Invoice": 1}, n), 0.02),
            "shipping_fee": np.where(channel == "Store", 0.0, np.round(rng.choice([0, 4.9, 6.9, 12.5], n), 2)),
        }
    )


def _items(rng: np.random.Generator, orders: pa.Table, products: pa.Table) -> pa.Table:
    """One to five lines an order, except for a few orders that lost theirs."""
    lines = np.where(rng.random(orders.num_rows) < 0.01, 0, 1 + rng.binomial(4, 0.3, orders.num_rows))
    order = np.repeat(np.arange(1, orders.num_rows + 1), lines)
    n = len(order)
    product = skewed(rng, np.arange(1, products.num_rows - 3), n, 0.5)  # the last four products never sold
    quantity = 1 + rng.poisson(0.6, n)
    price = money(np.asarray(products["list_price"])[product - 1] * rng.choice([1, 1, 1, 0.95, 0.9], n))
    discount = rng.choice([0.0, 0.0, 0.0, 0.05, 0.1, 0.2], n)
    return arrow(
        {
            "id": range(1, n + 1),
            "order_id": order,
            "product_id": product,
            "quantity": quantity,
            "unit_price": price,
            "discount": discount,
            "amount": money(quantity * price * (1 - discount)),
        }
    )


def _returns(rng: np.random.Generator, items: pa.Table, orders: pa.Table) -> pa.Table:
    """About six in a hundred items come back within a month."""
    item = np.flatnonzero(rng.random(items.num_rows) < 0.06)
    n = len(item)
    ordered = np.asarray(orders["order_date"])[np.asarray(items["order_id"])[item] - 1]
    quantity = np.asarray(items["quantity"])[item]
    back = np.where(quantity > 1, rng.integers(1, quantity + 1), 1)
    reasons = {"Damaged": 3, "Wrong size": 2.5, "Changed mind": 2.5, "Late delivery": 1, "Defective": 1.5}
    return arrow(
        {
            "id": range(1, n + 1),
            "order_item_id": item + 1,
            "return_date": np.minimum(ordered + rng.integers(2, 30, n), np.datetime64(LAST_DAY)),
            "quantity": back,
            "reason": blanks(rng, weighted(rng, reasons, n), 0.08),
            "refund_amount": money(np.asarray(items["amount"])[item] * back / quantity),
        }
    )
