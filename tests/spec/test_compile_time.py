"""The report of compile times; what the times are is no matter of a test."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHASM = ROOT / "tests" / "fixtures" / "semantics" / "chasm"
NUMBERS = r"(\d+\.\d\d) \| (\d+\.\d\d) \| (\d+\.\d\d) \| (\d+)% \| (\d+)% \| (\d+)%"


def run(*arguments):
    command = [sys.executable, ROOT / "scripts" / "bench_compile.py", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "MICROGT_BENCHMARKS"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_the_report_is_whole(tmp_path):
    path = tmp_path / "report.md"
    done = run(CHASM, "--rounds", "2", "--report", path)
    assert (done.returncode, done.stderr) == (0, "")
    text = path.read_text(encoding="utf-8")
    assert done.stdout == f"{text}\n{path}\n"
    specs = len(list(CHASM.glob("*.spec.json")))
    rows = re.findall(rf"^\| (fixtures, to [\w ]+) \| (\d+) \| {NUMBERS} \|$", text, re.MULTILINE)
    assert [row[:2] for row in rows] == [("fixtures, to DuckDB", str(specs)), ("fixtures, to the 9 others", str(9 * specs))]
    for row in rows:
        median, most, written, *shares = map(float, row[2:])
        assert 0 < written < median <= most
        assert all(shares[:2])
        assert abs(sum(shares) - 100) <= 1.5  # each is rounded
    assert f"Made by `python scripts/bench_compile.py {CHASM} --rounds 2`: Python " in text


def test_a_folder_without_a_database(tmp_path):
    done = run(tmp_path, "--report", tmp_path / "report.md")
    assert done.returncode == 2
    assert done.stderr.endswith(f"error: no database.sql in {tmp_path}\n")
    assert not list(tmp_path.iterdir())
