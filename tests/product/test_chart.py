import html
import io
from datetime import date
from xml.etree import ElementTree

import pytest
import vl_convert
from rich.console import Console

from microgt.engine.result import ResultTable
from microgt.errors import ConfigError
from microgt.product.chart import draw, draw_checked, suggest, write_chart
from microgt.product.terminal import bar, bars, result
from microgt.spec.types import Chart, NumberView, Ref, TableView

MONTHS = ResultTable(
    ("month", "sum(amount) [EUR]", "region.name"),
    tuple((date(2024, 1 + i // 2, 1), 10.0 * i, "north" if i % 2 else "south") for i in range(8)),
    False,
)
MARKS = ("bar", "barh", "stacked", "grouped", "line", "area", "scatter", "donut", "pie", "histogram", "heatmap")


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_valid_vega_lite_with_the_result_s_numbers(mark):
    chart = draw(MONTHS, Chart(mark=mark, color=Ref(output=2))).to_dict()  # to_dict validates against the Vega-Lite schema
    assert [row["c1"] for row in chart["data"]["values"]] == [10.0 * i for i in range(8)]


@pytest.mark.parametrize(("y", "color"), [(1, 2), (2, 1)])
def test_the_number_of_a_heatmap_is_its_shade(y, color):
    encoding = draw(MONTHS, Chart(mark="heatmap", y=Ref(output=y), color=Ref(output=color))).to_dict()["encoding"]
    assert (encoding["y"]["field"], encoding["color"]["field"]) == ("c2", "c1")


def test_a_line_over_dates_is_drawn_in_local_days():
    chart = draw(MONTHS, Chart(mark="line")).to_dict()
    assert chart["encoding"]["x"]["type"] == "temporal"
    assert chart["data"]["values"][0]["c0"] == "2024-01-01T00:00:00"


def test_references_beyond_the_result_fall_back_to_its_last_column():
    table = ResultTable(("region", "n"), (("north", 1), ("south", 2)), False)
    chart = draw(table, Chart(mark="bar", y=Ref(output=5), color=Ref(output=7))).to_dict()
    assert chart["encoding"]["y"]["field"] == "c1"
    assert "color" not in chart["encoding"]


@pytest.mark.parametrize(
    ("rows", "mark"),
    [
        (((date(2024, 1, 1), 2), (date(2024, 2, 1), 3)), "line"),
        ((("north", 2), ("south", 3)), "bar"),
        (((1.5, 2), (2.5, 3)), "scatter"),
        ((("a", "b"), ("c", "d")), "histogram"),
        (tuple((f"city {i}", i) for i in range(30)), "barh"),
    ],
)
def test_the_chart_that_fits(rows, mark):
    assert suggest(ResultTable(("x", "y"), rows, False)).mark == mark


def test_html_needs_no_network_and_the_others_are_images(tmp_path):
    page = write_chart(MONTHS, TableView(), tmp_path / "a.html", title="by <month>")
    text = page.read_text(encoding="utf-8")
    assert "<script src=" not in text
    assert "vegaEmbed" in text
    png = write_chart(ResultTable(("n",), ((12,),), False), NumberView(), tmp_path / "a.png")
    assert png.read_bytes().startswith(b"\x89PNG")
    svg = write_chart(MONTHS, TableView(), tmp_path / "a.svg", title="by <month>")
    assert ElementTree.parse(svg).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert "by &lt;month&gt;" in svg.read_text(encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "a.png", "a.svg"]


ODD = ('a[0].b: "c"\\d\'s', "rate [/min]\\", 'datum.c0 + "x" // {y}\nz')


@pytest.mark.parametrize("mark", MARKS)
def test_odd_characters_in_names_are_drawn_as_they_are(mark):
    table = ResultTable(ODD, (("n[0].x", 1, "u"), ('s\\"', 2.5, "v")), False)
    chart = draw(table, Chart(mark=mark, color=Ref(output=2)), title=ODD[0]).to_dict()
    drawn = html.unescape(vl_convert.vegalite_to_svg(chart))  # fails when a name breaks out of one of Vega's expressions
    assert f">{ODD[0]}<" in drawn
    assert "\\\\" not in drawn


def test_no_cell_or_title_ends_the_script_of_the_page(tmp_path):
    table = ResultTable(("x", "</script>"), (("</script><script>alert(1)</script>", 1), ("b", 2)), False)
    plain = ResultTable(("x", "y"), (("a", 1), ("b", 2)), False)
    odd, even = (write_chart(t, TableView(), tmp_path / f"{len(t.columns[1])}.html", title=t.columns[1]) for t in (table, plain))
    first, second = (path.read_text(encoding="utf-8") for path in (odd, even))
    assert "alert(1)" in first
    assert first.count("</script>") == second.count("</script>")


def test_wrong_endings_and_empty_results_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"must end in \.html, \.svg or \.png"):
        write_chart(MONTHS, TableView(), tmp_path / "a.pdf")
    with pytest.raises(ConfigError, match="the result has no rows"):
        write_chart(ResultTable(("n",), (), False), TableView(), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mark", ["donut", "pie", "stacked"])
def test_negative_parts_are_not_drawn(tmp_path, mark):
    """Vega would draw them as if they were positive, or behind the others."""
    table = ResultTable(("region", "total", "year"), (("EU", 140, 2023), (None, -1500, 2024), ("US", None, 2024)), False)
    view = Chart(mark=mark, color=Ref(output=2))
    with pytest.raises(ConfigError, match=f"a {mark}: its parts are not negative, and total is -1,500 for what is not known; draw bars"):
        write_chart(table, view, tmp_path / "a.html")
    assert write_chart(table, Chart(mark="bar"), tmp_path / "a.html").exists()
    no_numbers = ResultTable(("region", "total"), (("EU", "much"),), False)
    assert write_chart(no_numbers, view, tmp_path / "a.html").exists()


@pytest.mark.parametrize("mark", ["donut", "pie"])
def test_many_slices_are_not_drawn(mark):
    table = ResultTable(("region", "total"), tuple((f"r{i}", 1 + i) for i in range(40)), False)
    with pytest.raises(ConfigError, match=f"a {mark}: it would have 40 slices, and more than 8 cannot be told apart; draw bars instead"):
        draw_checked(table, Chart(mark=mark))
    assert draw_checked(ResultTable(table.columns, table.rows[:8], False), Chart(mark=mark))
    assert draw_checked(table, Chart(mark="bar"))


def test_colours_can_be_told_apart():
    config = draw(MONTHS, Chart(mark="bar", color=Ref(output=2))).to_dict()["config"]
    assert config["range"]["category"][:3] == ["#0072b2", "#e69f00", "#009e73"]


def test_terminal_bars_are_in_proportion():
    assert bar(1, 2, width=4) == "██"
    assert bar(1, 16, width=4) == "▎"
    assert bar(0, 16, width=4) == ""
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(bars(ResultTable(("r", "n"), (("north", 10), ("south", 5)), False), Chart(mark="bar")))
    north, south = console.export_text().splitlines()
    assert north.count("█") == 2 * south.count("█") == 40


def test_terminal_bars_are_not_drawn_for_negative_or_missing_numbers():
    assert bars(ResultTable(("r", "n"), (("north", -1),), False), Chart(mark="bar")) is None
    assert bars(ResultTable(("r", "s"), (("north", "x"),), False), Chart(mark="bar")) is None
    assert bars(ResultTable(("r", "n"), (), False), Chart(mark="bar")) is None


def test_terminal_columns_keep_their_brackets():
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(result(ResultTable(("rate [/min]", "speed [m/s]", ":smile:"), ((1, 2, "[b]"),), False)))
    header, row = console.export_text().splitlines()
    assert header.split() == ["rate", "[/min]", "speed", "[m/s]", ":smile:"]
    assert row.split() == ["1", "2", "[b]"]
