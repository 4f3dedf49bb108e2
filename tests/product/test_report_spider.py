"""`scripts/report_spider.py` on two seeds of a predictor whose readings are given, over a tiny Spider made here."""

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from microgt.spec.importer import import_sql
from tests.product.scripted import Candidate, Scripted

SCRIPTS = Path(__file__).parents[2] / "scripts"
COLUMNS = [[-1, "*"], [0, "Id"], [0, "Name"], [0, "Age"]]
TABLE = {
    "table_names_original": ["Pets"],
    "table_names": ["pets"],
    "column_names_original": COLUMNS,
    "column_names": COLUMNS,
    "column_types": ["text", "number", "text", "number"],
    "primary_keys": [1],
    "foreign_keys": [],
}
OLD = "SELECT Name FROM Pets WHERE Age > 3"
DEV = [  # question, gold, the readings of each seed
    (
        "Secret one?",
        "SELECT count(*) FROM Pets",
        (["SELECT count(*) FROM Pets"], ["SELECT max(Age) FROM Pets", "SELECT count(*) FROM Pets"]),
    ),
    ("Secret two?", OLD, ([OLD.replace("3", "4")], [OLD.replace("3", "5"), OLD])),
    ("Secret three?", "SELECT Name FROM Pets ORDER BY Age DESC LIMIT 1", (["SELECT Name FROM Pets"], [])),
    ("Secret four?", "SELECT avg(Name) FROM Pets", (["SELECT avg(Name) FROM Pets"], ["SELECT avg(Age) FROM Pets"])),
]


class Seed(Scripted):
    """Reads as it is told."""

    def __init__(self, seed, beam):
        super().__init__()
        self.seed, self.beam, self.ranking = seed, beam, None
        self.config = {"training": {"seed": seed, "parameters": 5_000_000, "databases": ["zoo"], "shares": {"train": 1.0}}}

    def predict(self, question, schema):
        readings = next(readings[self.seed] for asked, _, readings in DEV if asked == question)
        return [
            Candidate(import_sql(sql, schema), 0.9 / (place + 1)) for place, sql in enumerate(readings or ["SELECT max(Name) FROM Pets"])
        ]

    def graph(self, question, schema):
        return question, schema

    def predict_many(self, graphs):
        return [self.predict(*graph)[0] for graph in graphs]

    @classmethod
    def load(cls, path, *, beam):
        return cls(int(Path(path).parent.name), beam)


@pytest.fixture
def spider(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MICROGT_BENCHMARKS", str(tmp_path / "spider_data"))
    for db in ("farm", "zoo"):
        folder = tmp_path / "spider_data" / "database" / db
        folder.mkdir(parents=True)
        connection = sqlite3.connect(folder / f"{db}.sqlite")
        connection.executescript(
            "CREATE TABLE Pets (Id INTEGER PRIMARY KEY, Name TEXT, Age INTEGER); INSERT INTO Pets VALUES (1, 'Rex', 3), (2, 'Tom', 5);"
        )
        connection.close()
    rows = [{"db_id": "farm" if n < 2 else "zoo", "question": question, "query": gold} for n, (question, gold, _) in enumerate(DEV)]
    for name, content in (
        ("tables", [{"db_id": db, **TABLE} for db in ("farm", "zoo")]),
        ("dev", rows),
        ("train_spider", []),
        ("train_others", []),
    ):
        (tmp_path / "spider_data" / f"{name}.json").write_text(json.dumps(content))
    for seed in "01":
        (tmp_path / seed / "checkpoint").mkdir(parents=True)
        (tmp_path / seed / "csv").mkdir()
    (tmp_path / "0" / "csv" / "metrics.csv").write_text("step,train/actions,validation/loss\n9,2.0,\n19,1.0,1.5\n")
    return tmp_path


def _figures(text):
    """The mean of each row, and each seed."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and "**" in line]
    return {row[0]: (row[1], row[2].strip("* "), row[-1]) for row in rows}


def test_the_whole_report(spider, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import benchmark_runs
    import report_spider

    monkeypatch.setattr(benchmark_runs, "load_proposer", Seed.load)
    out = spider / "reports" / "spider.md"
    checkpoints = [str(spider / seed / "checkpoint") for seed in "01"]
    command = ["report_spider.py", *checkpoints, "--beam", "2", "--out", str(out), "--work", str(spider / "work")]
    monkeypatch.setattr(sys, "argv", command)
    assert report_spider.main() == 0
    text = out.read_text()
    found = _figures(text)
    assert found["exact set match, no values, greedy"] == ("4", "50.0%", "75.0%, 25.0%")
    assert found["execution accuracy with values, greedy"] == ("4", "37.5%", "50.0%, 25.0%")
    assert found["the same, of questions whose gold runs, beam 2"] == ("4", "37.5%", "50.0%, 25.0%")  # SQLite's mean of names is 0
    assert "| exact set match | 50.0% | 62.5% |" in text
    assert "| execution accuracy | 37.5% | 62.5% |" in text
    assert "The gold of 1 does not run on DuckDB" in text
    assert "seed 0 (`0/checkpoint`)" in text
    assert "learning curves" in text
    assert out.with_name("spider_curves.png").is_file()
    assert "**microgt**" in text
    assert "Secret" not in text
    assert "Rex" not in text
    assert str(spider) not in text
    capsys.readouterr()
    monkeypatch.setattr(Seed, "predict", None)  # all that was done is kept
    assert report_spider.main() == 0
    assert "holds" in capsys.readouterr().err
    assert out.read_text() == text
