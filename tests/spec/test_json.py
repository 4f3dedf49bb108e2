"""Text that is no spec is told in one line."""

import pytest

from microgt.errors import SpecError
from microgt.spec import read_spec

LIMIT = '{"query": {"outputs": ["orders.id"], "limit": {"kind": "limit", "n": %s}}}'


def nested(levels: int) -> dict:
    where = {"kind": "is_null", "of": "orders.id"}
    for _ in range(levels):
        where = {"kind": "not", "arg": where}
    return {"query": {"outputs": ["orders.id"], "where": where}}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{", "E_JSON"),
        (LIMIT % "NaN", "E_JSON"),
        (LIMIT % "-Infinity", "E_JSON"),
        (LIMIT % "1e999", "E_SPEC"),
        (LIMIT % ("9" * 5000), "E_JSON"),
        (b"\xff", "E_JSON"),
        ("[" * 100_000, "E_DEPTH"),
        (nested(100), "E_DEPTH"),
        (nested(400), "E_DEPTH"),
    ],
    ids=range(9),
)
def test_refused_in_one_line(data, code):
    with pytest.raises(SpecError) as error:
        read_spec(data)
    assert error.value.code == code
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_what_is_nested_less_is_read():
    assert read_spec(LIMIT % "3").query.limit.n.value == 3
    read_spec(nested(50))
