"""Which readings give the same answer."""

import numpy as np
import pytest

from microgt.engine.result import ResultTable
from microgt.ranking import Reading, same_answers, shown
from microgt.ranking.answers import agreement
from microgt.spec import read_spec

NAME = {"kind": "col", "column": "planes.maker"}
UP, DOWN = ((1,), (2,)), ((2,), (1,))


def reading(rows, sort: str | None = None, log_prob: float = 0.0) -> Reading:
    more = {"sort": [{"by": NAME, "direction": sort}]} if sort else {}
    spec = read_spec({"kind": "answer", "query": {"kind": "select", "outputs": [NAME], **more}})
    return Reading(spec, log_prob, None if rows is None else shown(ResultTable(("n",), rows)))


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([reading(UP), reading(DOWN), reading(((3,),))], [0, 0, 2]),
        ([reading(UP, "asc"), reading(DOWN, "desc"), reading(UP, "asc"), reading(UP)], [0, 1, 0, 3]),
        ([reading(UP, "asc"), reading(DOWN, "asc")], [0, 0]),  # in which order equal keys come is chance
        ([reading(((1,),), "asc"), reading(((1,),))], [0, 0]),  # of one row there is no order
        ([reading(((1,),)), reading((("1",),))], [0, 1]),
        ([reading(()), reading(()), reading(UP)], [0, 1, 2]),
        ([reading(None), reading(None)], [0, 1]),
        ([], []),
    ],
)
def test_the_same_rows_and_where_an_order_is_asked_for_the_same_order(readings, expected):
    assert same_answers(readings).tolist() == expected


def test_readings_agree_on_rows_in_any_order():
    readings = [reading(UP), reading(DOWN, "desc"), reading(((3,),)), reading(None)]
    assert agreement(readings, np.array([0.4, 0.3, 0.2, 0.1])) == pytest.approx([0.7, 0.7, 0.2, 0])
