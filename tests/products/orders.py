"""Orders of four years as CSV, and what is asked of them."""

ORDERS = "id,region,amount,placed\n" + "\n".join(
    f"{i},{('north', 'south', '<b>west</b>')[i % 3]},{10 + i % 7},{2020 + i // 12}-{1 + i % 12:02}-15" for i in range(48)
)
BY_REGION = {
    "query": {"outputs": ["orders.region", {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}]},
    "view": {"kind": "chart", "mark": "bar"},
}
BY_MONTH = {
    "query": {
        "outputs": [
            {"kind": "time_bucket", "grain": "month", "of": "orders.placed"},
            {"kind": "aggregate", "fn": "sum", "of": "orders.amount"},
        ]
    },
    "view": {"kind": "forecast", "of": {"kind": "ref", "output": 1}, "horizon": 3},
}
