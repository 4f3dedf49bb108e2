"""Files and gates of `microgt evaluate`, for continuous integration."""

import json
from xml.etree import ElementTree

import duckdb
import jsonschema
import pytest

from microgt.cli.main import main

N = 12


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of twelve questions about one database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    with duckdb.connect("shop.duckdb") as db:
        db.execute("CREATE TABLE orders AS SELECT range AS id FROM range(20)")
    _questions(tmp_path, N)
    return tmp_path


def _questions(folder, n, question="the order <b>"):
    rows = [{"id": f"q{i}", "question": f"{question} {i}", "db": "shop.duckdb", "query": _sql(i)} for i in range(n)]
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def _sql(i):
    return f"SELECT id FROM orders WHERE id = {i}"


def evaluate(capsys, *more, wrong=()):
    """(exit status, standard output, standard error)."""
    lines = [json.dumps({"id": f"q{i}", "prediction": "SELECT '<!--`|'" if i in wrong else _sql(i)}) for i in range(N)]
    with open("mine.jsonl", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    status = main(["evaluate", "data=folder", "data.path=.", "predictions=mine.jsonl", "workers=1", *more])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_run_that_is_surely_worse_fails(here, capsys):
    assert evaluate(capsys, "out=before.json")[0] == 0
    status, out, _ = evaluate(capsys, "--max-regression", "before.json", wrong=range(6))
    assert status == 1
    assert "second this one. The second run is worse: -50.0 points (0 won and 6 lost of 12 questions, McNemar p = 0.031" in out


def test_what_may_be_chance_does_not_fail(here, capsys):
    evaluate(capsys, "out=before.json")
    status, out, _ = evaluate(capsys, "--max-regression", "before.json", wrong=range(5))
    assert status == 0
    assert "No difference is shown: -41.7 points (0 won and 5 lost of 12 questions, McNemar p = 0.062)." in out
    assert evaluate(capsys, "--max-regression", "before.json", "--fail-under", "0.9", wrong=range(5))[0] == 1


def test_a_run_that_is_better_does_not_fail(here, capsys):
    evaluate(capsys, "out=before.json", wrong=range(6))
    status, out, _ = evaluate(capsys, "--max-regression", "before.json")
    assert (status, "The second run is better" in out) == (0, True)


def test_new_questions_are_left_out_of_the_test(here, capsys):
    _questions(here, 6)
    evaluate(capsys, "out=before.json")
    _questions(here, N)
    status, out, _ = evaluate(capsys, "--max-regression", "before.json", wrong=range(5))
    assert status == 0
    assert "6 questions are in one file only and were left out." in out
    assert "0 won and 5 lost of 6 questions" in out


def test_an_earlier_run_that_cannot_be_compared(here, capsys):
    evaluate(capsys, "out=before.json")
    _questions(here, N, question="another")
    status, out, err = evaluate(capsys, "--max-regression", "before.json", "out=after.json")
    assert (status, "execution accuracy" in out, (here / "after.json").exists()) == (2, True, True)
    assert "12 ids stand for another question" in err
    status, out, err = evaluate(capsys, "--max-regression", "it's, none.json", "out=later.json")
    assert (status, out, (here / "later.json").exists()) == (2, "", False)
    assert err == "microgt: cannot read the results it's, none.json: No such file or directory\n"


def test_files_for_machines_and_for_people(here, capsys):
    evaluate(capsys, "out=before.json")
    files = ["out=out/result.json", "junit=out/junit.xml", "markdown=out/summary.md", "html=out/page.html"]
    assert evaluate(capsys, *files, "--max-regression", "before.json", wrong=[3])[0] == 0
    suites = ElementTree.parse("out/junit.xml").getroot()
    assert (suites.get("tests"), suites.get("failures")) == (str(N), "1")
    page = (here / "out" / "page.html").read_text(encoding="utf-8")
    assert "the order &lt;b&gt; 3" in page
    assert "No difference is shown: -8.3 points" in page
    assert page.count("<mark>") == 2  # the number that was wanted, the text that came
    text = (here / "out" / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("# folder/train\n")
    assert "No difference is shown: -8.3 points" in text
    assert "- `q3` (shop.duckdb) wrong: the order \\<b\\> 3\n" in text
    assert "  - predicted: `SELECT '<!--'|'` values" in text
    assert "![" not in text


def test_the_summary_of_a_step_is_added_to(here, capsys, monkeypatch):
    (here / "step.md").write_text("# Earlier\n", encoding="utf-8")
    evaluate(capsys, "markdown=step.md")
    assert "# Earlier" not in (here / "step.md").read_text(encoding="utf-8")
    (here / "step.md").write_text("# Earlier\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "step.md"))
    evaluate(capsys, f"markdown={here / 'step.md'}")
    assert (here / "step.md").read_text(encoding="utf-8").startswith("# Earlier\n# folder/train\n")


def test_one_file_that_cannot_be_written_keeps_no_other_back(here, capsys):
    (here / "file").write_text("")
    status, out, err = evaluate(capsys, "out=file/result.json", "junit=file/junit.xml", "markdown=summary.md")
    assert (status, "execution accuracy" in out, (here / "summary.md").exists()) == (2, True, True)
    assert err.startswith("microgt: cannot write file/result.json: ")
    assert "cannot write file/junit.xml" in err


def test_the_published_schema_describes_the_file(here, capsys):
    assert main(["evaluate", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    evaluate(capsys, "out=result.json", wrong=[1])
    result = json.loads((here / "result.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, schema)
    assert schema["properties"]["format"]["const"] == result["format"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**result, "format": 0}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**result, "surprise": 1}, schema)
