"""The benchmark of attention runs and says which ways are right; its times are nobody's promise."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Cells of the table at a tiny size, with a way that is wrong."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "peers_for_test.py").write_text("def zeros(q, *others):\n    return q * 0\n")
    out = folder / "report.md"
    options = ["--shapes", "2,2,9,8", "--relations", "5", "--repeat", "1", "--skip", "flex", "--impl", "peers_for_test:zeros", "--out", out]
    command = [sys.executable, ROOT / "scripts/bench_attention.py", *options]
    paths = f"{ROOT}:{ROOT / 'kernels'}:{folder}"
    subprocess.run([str(x) for x in command], check=True, env={"PYTHONPATH": paths, "PATH": ""}, timeout=300, capture_output=True)
    table = [line.strip("| ").split(" | ") for line in out.read_text().splitlines() if line.startswith("| 2,2,9,8")]
    return [[cell.strip() for cell in row] for row in table]


def test_every_problem_and_pass_is_measured_in_both_dtypes(rows):
    assert len({tuple(row[:4]) for row in rows}) == 2 * 3 * 2


def test_ours_is_right_everywhere(rows):
    ours = [row for row in rows if row[4] == "microgt"]
    assert ours
    assert all(float(row[9].strip("| ")) < (1e-4 if row[1] == "float32" else 6e-2) for row in ours)


def test_what_is_wrong_is_not_timed(rows):
    assert {row[5] for row in rows if row[4] == "peers_for_test:zeros"} == {"wrong"}


def test_what_cannot_be_done_says_why(rows):
    assert {row[5] for row in rows if row[4] == "dense mask" and row[2] == "full"} == {"no values"}
