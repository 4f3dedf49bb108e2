"""`microgt evaluate predictions=...`: any system's answers to one's own questions, in this process."""

import json
import subprocess
import sys

import duckdb
import pytest

from microgt.cli.main import main
from microgt.evaluation import Results

SPEC = {"query": {"outputs": ["customers.region", {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "customers"}}]}}
BY_REGION = "SELECT region, count(*) FROM customers GROUP BY region"
QUESTIONS = [
    {"id": "regions", "question": "customers by region", "db": "shop.duckdb", "query": BY_REGION},
    {"id": "names", "question": "names in order", "db": "shop.duckdb", "query": "SELECT name FROM customers ORDER BY name"},
    {"id": "spec", "question": "customers by region", "db": "shop.duckdb", "spec": SPEC},
]
RIGHT = {"regions": SPEC, "names": "SELECT name FROM customers ORDER BY name", "spec": BY_REGION}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of questions about one database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    with duckdb.connect("shop.duckdb") as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR, region VARCHAR)")
        db.execute("INSERT INTO customers VALUES (1, 'Bo', 'north'), (2, 'Ada', 'south'), (3, 'Cy', 'south')")
    _write(tmp_path / "questions.jsonl", QUESTIONS)
    return tmp_path


def _write(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _predict(folder, **predictions):
    _write(folder / "mine.jsonl", [{"id": id, "prediction": given} for id, given in predictions.items()])


def evaluate(capsys, *more):
    """(exit status, outcome of each question, standard error)."""
    status = main(["evaluate", "data=folder", "data.path=.", "out=result.json", "workers=1", *more])
    try:
        with open("result.json", encoding="utf-8") as file:
            outcomes = {item["id"]: item["outcome"] for item in json.load(file)["items"]}
    except FileNotFoundError:
        outcomes = {}
    return status, outcomes, capsys.readouterr().err


def test_gold_is_right_about_itself(here, capsys):
    status, outcomes, _ = evaluate(capsys, "predictions=gold", "--fail-under", "1")
    assert (status, outcomes) == (0, dict.fromkeys(RIGHT, "correct"))


def test_sql_answers_specs_and_specs_answer_sql(here, capsys):
    _predict(here, **RIGHT)
    assert evaluate(capsys, "predictions=mine.jsonl", "--fail-under", "1")[:2] == (0, dict.fromkeys(RIGHT, "correct"))


def test_what_was_not_predicted_is_wrong_unless_it_is_left_out(here, capsys):
    _predict(here, names=RIGHT["names"])
    status, outcomes, _ = evaluate(capsys, "predictions=mine.jsonl", "--fail-under", "0.5")
    assert (status, outcomes) == (1, {"regions": "invalid_spec", "names": "correct", "spec": "invalid_spec"})
    status, outcomes, _ = evaluate(capsys, "predictions=mine.jsonl", "--only-predicted", "--fail-under", "0.5")
    assert (status, outcomes) == (0, {"names": "correct"})


def test_each_fault_is_told_and_costs_its_own_question(here, capsys):
    lines = [{"id": "regions", "prediction": "SELEC"}, {"id": "names", "prediction": "x" * 5_000_000}, {"id": "spec", "prediction": SPEC}]
    _write(here / "mine.jsonl", [*lines, {"id": "other", "prediction": "SELECT 1"}])
    status, outcomes, err = evaluate(capsys, "predictions=mine.jsonl")
    assert (status, outcomes) == (0, {"regions": "exec_error", "names": "invalid_spec", "spec": "correct"})
    assert err == "mine.jsonl: line 4: no question has the id 'other'\n"


def test_what_was_of_no_use_is_on_record(here, capsys):
    lines = [
        json.dumps({"id": "regions", "prediction": BY_REGION}),
        "not JSON [bold]",
        json.dumps({"id": "[red]x", "prediction": "SELECT 1"}),
    ]
    (here / "mine.jsonl").write_text("\n".join(lines))
    status = main(
        ["evaluate", "data=folder", "data.path=.", "out=result.json", "predictions=mine.jsonl", "--only-predicted", "markdown=a.md"]
    )
    found = Results.read("result.json")
    assert (status, found.predictions, found.not_predicted) == (0, "mine.jsonl", ("names", "spec"))
    assert found.unused[0].startswith("line 2: Invalid JSON")
    assert found.unused[1:] == ("line 3: no question has the id '[red]x'",)
    captured = capsys.readouterr()
    assert "mine.jsonl: line 3: no question has the id '[red]x'" in captured.err
    out = " ".join(captured.out.split())
    assert "questions left out because nothing was predicted: 2" in out
    assert "lines of mine.jsonl that are of no use: 2 (the first: line 2: Invalid JSON" in out
    assert "Lines of mine.jsonl that are of no use: 2" in (here / "a.md").read_text()


def test_of_many_useless_lines_some_are_told_and_all_recorded(here, capsys):
    lines = [{"id": "regions", "prediction": BY_REGION}, *({"id": f"x{i}", "prediction": "SELECT 1"} for i in range(2000))]
    _write(here / "mine.jsonl", lines)
    assert evaluate(capsys, "predictions=mine.jsonl")[2].endswith("mine.jsonl: 1995 more lines are of no use\n")
    assert len(Results.read("result.json").unused) == 2000


def test_sql_of_sqlite_is_translated(here, capsys):
    sqlite = 'SELECT name FROM customers WHERE region = "south" OR region LIKE "NORTH" ORDER BY name'
    _predict(here, names=sqlite)
    assert evaluate(capsys, "predictions=mine.jsonl", "--only-predicted")[1] == {"names": "exec_error"}
    assert evaluate(capsys, "predictions=mine.jsonl", "--only-predicted", "dialect=sqlite")[1] == {"names": "correct"}


def test_gold_that_does_not_run_stops_it(here, capsys):
    _write(
        here / "questions.jsonl", [*QUESTIONS, {"id": "old", "question": "?", "db": "shop.duckdb", "query": "SELECT gone FROM customers"}]
    )
    status, outcomes, err = evaluate(capsys, "predictions=gold")
    assert (status, outcomes["old"]) == (2, "gold_error")
    assert "the gold of 1 of 4 questions does not run: old (the first: BinderException" in err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["predictions=none.jsonl"], "cannot read the predictions none.jsonl: No such file or directory"),
        (["predictions=empty.jsonl"], "empty.jsonl has no prediction for any question of folder train, such as 'regions'"),
        (["predictions=gold", "checkpoint=x"], "checkpoint= and predictions= are both given: which is to be scored?"),
        (["predictions=gold", "dialect=oracle"], "dialect: input should be 'duckdb' or 'sqlite', not 'oracle'"),
        (["prediction=gold"], "no key 'prediction'; did you mean 'predictions'?"),
    ],
)
def test_bad_input(here, capsys, more, says):
    (here / "empty.jsonl").write_text("\n")
    status, _, err = evaluate(capsys, *more)
    assert (status, err) == (2, f"microgt: {says}\n")


def test_files_are_scored_without_torch(here):
    _predict(here, **RIGHT)
    block = "import sys; sys.modules.update(dict.fromkeys(('torch', 'lightning', 'datasets', 'tokenizers', 'safetensors', 'pandas')))"
    call = "from microgt.cli.main import main; sys.exit(main(['evaluate', 'data=folder', 'data.path=.', 'predictions=mine.jsonl', 'fail_under=1']))"
    done = subprocess.run([sys.executable, "-c", f"{block}; {call}"], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_variants_tell_near_misses_apart_and_can_be_looked_at(here, capsys):
    _predict(here, **RIGHT | {"names": "SELECT name FROM customers ORDER BY name LIMIT 3"})
    assert evaluate(capsys, "predictions=mine.jsonl")[1]["names"] == "correct"
    status, outcomes, _ = evaluate(capsys, "predictions=mine.jsonl", "variants=2", "seed=7", "keep_variants=kept")
    assert (status, outcomes) == (0, {"regions": "correct", "names": "wrong", "spec": "correct"})
    with open("result.json", encoding="utf-8") as file:
        results = json.load(file)
    item = results["items"][1]
    assert (results["variants"], results["seed"]) == (2, 7)
    assert (item["original"], item["variant"]) == ("correct", 1)
    assert len(item["gold_sample"]["rows"]) > 3
    assert results["summary"]["original"]["rate"] == 1
    with duckdb.connect("kept/shop.duckdb/1.duckdb", read_only=True) as variant:
        assert variant.execute("SELECT count(*) > 3 FROM customers").fetchall() == [(True,)]


def test_variants_of_all_questions_whatever_the_limit(here, capsys):
    evaluate(capsys, "predictions=gold", "variants=1", "keep_variants=all")
    evaluate(capsys, "predictions=gold", "variants=1", "keep_variants=some", "limit=1")
    rows = []
    for folder in ("all", "some"):
        with duckdb.connect(f"{folder}/shop.duckdb/1.duckdb", read_only=True) as variant:
            rows.append(variant.execute("FROM customers").fetchall())
    assert rows[0] == rows[1]


def test_too_many_variants(here, capsys):
    assert evaluate(capsys, "predictions=gold", "variants=1000")[2].strip().endswith("variants=1000: expected 0 (none) to 100")
