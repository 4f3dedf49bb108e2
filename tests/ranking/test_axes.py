"""By which axis of a chart an order is asked for and made."""

import pytest

from microgt.ranking.axes import axis_asked, axis_ignored, axis_sorted
from microgt.spec import read_spec
from microgt.spec.types import Edit

MAKER = {"kind": "col", "column": "planes.maker"}
COUNT = {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "planes"}}
SEATS = {"kind": "aggregate", "fn": "sum", "of": {"kind": "col", "column": "planes.seats"}}
REF = {"kind": "ref", "output": 0}


def chart(by=None, **more):
    sort = {"sort": [{"by": by, "direction": "asc"}]} if by else {}
    return read_spec({"query": {"kind": "select", "outputs": [MAKER, COUNT], **sort}, "view": {"kind": "chart", "mark": "bar", **more}})


@pytest.mark.parametrize(
    ("question", "axis"),
    [
        ("a bar chart of makers, order by the x-axis in asc", "x"),
        ("display in desc by the y axis", "y"),
        ("and could you order X in ascending order", "x"),
        ("from high to low by the Y axis", "y"),
        ("sort the Y axis", "y"),
        ("show it in ascending order by X", "x"),
        ("by the x axis and by the y axis", None),
        ("x axis maker, y axis count, sorted", None),
        ("bar chart with maker on the x axis, sorted by number of planes descending", None),
        ("number of orders per month, month on the x axis", None),
        ("the Y generation customers sorted by age", None),
        ("planes in ascending order", None),
    ],
)
def test_the_axis_that_is_asked_for(question, axis):
    assert axis_asked(question) == axis


@pytest.mark.parametrize(("by", "axis"), [(MAKER, "x"), (REF, "x"), (COUNT, "y"), (SEATS, "y"), (None, None)])
def test_the_axis_that_is_sorted_by(by, axis):
    assert axis_sorted(chart(by)) == axis


def test_axes_are_those_of_the_chart():
    turned = {"x": {"kind": "ref", "output": 1}, "y": REF}
    assert axis_sorted(chart(MAKER, **turned)) == "y"
    assert (
        axis_sorted(read_spec({"query": {"kind": "select", "outputs": [MAKER, COUNT], "sort": [{"by": MAKER, "direction": "asc"}]}}))
        is None
    )


def test_an_order_by_the_other_axis_or_none_ignores_what_is_asked():
    asked = "makers in ascending order of the x axis"
    assert [axis_ignored(asked, chart(by)) for by in (MAKER, COUNT, None)] == [False, True, True]
    assert not axis_ignored("makers", chart(COUNT))
    assert not axis_ignored(asked, Edit(answer=chart(MAKER)))
