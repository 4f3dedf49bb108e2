"""What a database can and cannot bear, over HTTP."""

import pytest

from microgt.serve.profile_routes import ProfileOut
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.serve.scripted import Model


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("region,amount,size\n" + "north,20,12\nsouth,30,L\n" * 4)
    return path


def profile(client):
    answer = client.get("/profile")
    assert answer.status_code == 200, answer.text
    return ProfileOut.model_validate(answer.json())


def test_a_profile_says_what_the_data_bear_and_follows_them(serve, sales):
    with serve(Service([sales], Model, Settings(workers=1))) as client:
        found = profile(client)
        (table,) = found.tables
        assert (found.db, table.name, table.rows, table.columns) == ("sales", "sales", 8, 3)
        assert "totals and averages of amount" in table.bears
        assert "no trend, no forecast, nothing about last year: there is no column of dates" in table.lacks
        assert "duplicate rows: 6" in table.about
        assert profile(client) == found
        sales.write_text("region,amount\nnorth,20\nsouth,80\n")
        assert profile(client).tables[0].rows == 2
        assert client.get("/profile?db=gone").status_code == 404
