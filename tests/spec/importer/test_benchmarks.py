"""The benchmarks' own SQL and charts, where the benchmarks are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "import_coverage.py"


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MICROGT_BENCHMARKS"), reason="MICROGT_BENCHMARKS names no folder with spider/ and nvbench/")
@pytest.mark.parametrize(("split", "every", "least"), [("spider-dev", 1, 97), ("nvbench", 50, 95)])
def test_nearly_all_gold_has_a_spec_with_the_same_answer(split, every, least):
    done = subprocess.run([sys.executable, SCRIPT, "--splits", split, "--every", str(every)], capture_output=True, text=True, check=True)
    found = re.fullmatch(rf"{split} ([\d.]+)% \(\d+/\d+\)\n", done.stdout)
    assert found, done.stdout
    assert float(found[1]) >= least
