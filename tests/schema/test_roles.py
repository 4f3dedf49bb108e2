"""What the numbers of a column are for, by its name."""

import pytest

from microgt.schema.roles import Role, role_of


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("id", Role.KEY),
        ("no", Role.KEY),
        ("order number", Role.KEY),
        ("account nbr", Role.KEY),
        ("number", Role.QUANTITY),
        ("total number", Role.QUANTITY),
        ("total no", Role.QUANTITY),
        ("students num", Role.QUANTITY),
        ("bus number", Role.KEY),
        ("release year", Role.LABEL),
        ("year founded", Role.LABEL),
        ("year of birth", Role.LABEL),
        ("year start", Role.LABEL),
        ("founded year", Role.LABEL),
        ("sales last year", Role.QUANTITY),
        ("revenue prev year", Role.QUANTITY),
        ("lifetime minute", Role.QUANTITY),
        ("duration day", Role.QUANTITY),
        ("zip code", Role.LABEL),
        ("max temperature f", Role.GRADE),
        ("elevation ft", Role.GRADE),
        ("altitude km", Role.GRADE),
        ("grade c", Role.QUANTITY),
        ("distance m", Role.QUANTITY),
        ("m", Role.QUANTITY),
        ("rating 2", Role.GRADE),
        ("2", Role.QUANTITY),
        ("price", Role.QUANTITY),
    ],
)
def test_by_its_name(name, role):
    assert role_of(tuple(name.split()), is_key=False) is role


def test_what_the_schema_says_is_a_key_is_one():
    assert role_of(("price",), is_key=True) is Role.KEY
