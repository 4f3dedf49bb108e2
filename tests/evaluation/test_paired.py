"""Two runs on the same questions."""

import io
import json

import pytest
from rich.console import Console

from microgt.cli.main import main
from microgt.errors import DataError
from microgt.evaluation import Item, Outcome, results_of
from microgt.evaluation.paired import RunComparison, compare_runs
from microgt.evaluation.paired_table import comparison_table
from microgt.evaluation.statistics import mcnemar

RIGHT, WRONG = Outcome.CORRECT, Outcome.WRONG


def item(name, outcome, **more):
    given = {"id": name, "db": f"db{int(name[1:]) % 4}", "category": None, "question": f"{name}?", "gold_sql": "SELECT 1", **more}
    return Item(outcome=outcome, sql="SELECT 1" if outcome.right else "SELECT\n2", reason=None if outcome.right else "values", **given)


def run(wrong=(), n=40, **more):
    """The results of n questions of which those numbered `wrong` are not right."""
    items = [item(f"q{i}", WRONG if i in wrong else RIGHT, **more) for i in range(n)]
    return results_of(items, data="shop", split="dev")


def shown(found, **more):
    console = Console(width=120, record=True, file=io.StringIO(), soft_wrap=True)
    console.print(comparison_table(found, **more))
    return console.export_text()


def test_a_run_that_is_better():
    found = compare_runs(run(wrong=range(12)), run(wrong=[0, 1, 20]))
    overall = found.overall
    assert (overall.first.k, overall.second.k, overall.won, overall.lost) == (28, 37, 10, 1)
    assert overall.gain == pytest.approx(9 / 40)
    assert overall.p == pytest.approx(mcnemar(10, 1))
    assert overall.p == pytest.approx(24 / 2048)
    assert overall.differs
    assert not overall.worse
    assert overall.interval.low <= overall.gain <= overall.interval.high
    assert [change.id for change in found.lost] == ["q20"]
    assert [change.id for change in found.won] == [f"q{i}" for i in range(2, 12)]
    change = found.lost[0]
    assert (change.first.sql, change.second.sql, change.second.reason) == ("SELECT 1", "SELECT\n2", "values")


def test_the_other_way_round_it_is_worse():
    found = compare_runs(run(wrong=[0, 1, 20]), run(wrong=range(12)))
    assert found.overall.worse
    assert found.overall.gain == pytest.approx(-9 / 40)
    assert "The second run is worse: -22.5 points (1 won and 10 lost of 40 questions, McNemar p = 0.012" in shown(found)


def test_a_run_is_as_good_as_itself():
    found = compare_runs(run(wrong=[3]), run(wrong=[3]))
    assert (found.overall.p, found.overall.gain, found.overall.interval) == (1.0, 0.0, (0.0, 0.0))
    assert found.won == found.lost == ()
    assert "No difference is shown: +0.0 points" in shown(found)


def test_two_questions_more_are_no_difference():
    found = compare_runs(run(wrong=[0, 1, 2]), run(wrong=[0]))
    assert not found.overall.differs
    assert "This set would show a gain of +" in shown(found)
    few = compare_runs(run(n=4), run(wrong=range(4), n=4)).overall
    assert (few.gain, few.p, few.detectable, few.worse) == (-1.0, 0.125, None, False)


def test_whole_databases_that_change_widen_the_interval():
    """Ten of forty answers change for the better: all of one database, or some of each."""
    one = compare_runs(run(wrong=range(0, 40, 4)), run()).overall
    each = compare_runs(run(wrong=range(10)), run()).overall
    assert (one.gain, one.p) == (each.gain, each.p)
    assert one.interval.high - one.interval.low > each.interval.high - each.interval.low


def test_by_database_and_category():
    found = compare_runs(run(wrong=[0, 4, 5], category="top | n"), run(category="top | n"))
    assert {name: (both.won, both.first.n) for name, both in found.by_database.items()} == {
        "db0": (2, 10),
        "db1": (1, 10),
        "db2": (0, 10),
        "db3": (0, 10),
    }
    assert found.by_database["db0"].interval is None
    assert list(found.by_category) == ["top | n"]
    assert "top | n" in shown(found)
    assert "(none)" not in shown(compare_runs(run(), run()))


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (run(n=8), run(n=6), r"different questions: 2 only in the first \(q6, q7\); --common compares the 6 in both"),
        (run(n=2), run(n=9), r"7 only in the second \(q2, q3, q4, q5, q6, ...\)"),
        (run(n=2), results_of([item("q7", RIGHT)], data="shop", split="dev"), "no question in common"),
        (run(n=2), run(n=2, question="What?"), "2 ids stand for another question or database in the second file: q0, q1"),
        (run(n=2), run(n=2, db="other"), "2 ids stand for another question or database"),
        (run(n=0), run(n=0), "no question in common"),
    ],
)
def test_other_questions_are_refused(first, second, says):
    with pytest.raises(DataError, match=says):
        compare_runs(first, second)


def test_the_questions_in_both():
    found = compare_runs(run(n=8), run(wrong=[1], n=6), common=True)
    assert (found.overall.first.n, found.left_out) == (6, ("q6", "q7"))
    assert "2 questions are in one file only and were left out." in shown(found)
    with pytest.raises(DataError, match="another question"):
        compare_runs(run(n=8), run(n=6, question="What?"), common=True)


def test_gold_that_changed_is_told():
    found = compare_runs(run(n=3), run(n=3, gold_sql="SELECT 3"))
    assert "The gold of 3 questions is not the same in both files: q0, q1, q2." in shown(found)
    spec = {"query": {"outputs": ["orders.id"]}}
    assert compare_runs(run(gold_spec=spec), run(gold_spec=spec, gold_sql="SELECT id FROM orders")).other_gold == ()


def test_an_interval_from_few_databases_comes_with_a_warning():
    many = results_of([item(f"q{i}", RIGHT, db=f"db{i}") for i in range(20)], data="shop", split="dev")
    assert "too narrow with 4 of them" in shown(compare_runs(run(), run()))
    assert "too narrow" not in shown(compare_runs(many, many))
    assert "too narrow" not in shown(compare_runs(run(db="shop"), run(db="shop")))


def test_changed_answers_are_shown_up_to_a_number():
    text = shown(compare_runs(run(), run(wrong=range(12))), shown=2)
    assert "lost: 12, the first 2" in text
    assert "  q1 (db1): q1?\n    first:  correct: SELECT 1\n    second: wrong (values): SELECT 2\n" in text
    assert "q2?" not in text


def test_the_verb(tmp_path, capsys):
    before, after = run(wrong=range(12)).write(tmp_path / "a.json"), run().write(tmp_path / "b.json")
    assert main(["compare", str(before), str(after)]) == 0
    assert "The second run is better: +30.0 points (12 won and 0 lost of 40 questions" in capsys.readouterr().out
    assert main(["compare", str(before), str(after), "--json"]) == 0
    text = capsys.readouterr().out
    assert json.loads(text)["overall"]["won"] == 12
    assert RunComparison.model_validate_json(text).overall.interval is not None
    assert main(["compare", str(before), str(run(n=3).write(tmp_path / "c.json"))]) == 2
    assert "37 only in the first" in capsys.readouterr().err
    assert main(["compare", str(before), str(tmp_path / "none.json")]) == 2
    assert "cannot read the results" in capsys.readouterr().err


def test_runs_that_were_not_judged_alike_are_refused():
    alone, over = run(), run().model_copy(update={"variants": 5, "seed": 1})
    with pytest.raises(DataError, match="not judged alike: variants=0 and variants=5 seed=1"):
        compare_runs(alone, over)
    assert compare_runs(over, over).overall.gain == 0
    assert compare_runs(alone, alone.model_copy(update={"seed": 3})).overall.gain == 0
