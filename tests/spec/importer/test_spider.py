"""Spider's dev questions, where the benchmarks are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "import_coverage.py"


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("MICROGT_BENCHMARKS"), reason="MICROGT_BENCHMARKS names no folder with spider/")
def test_nearly_all_gold_has_a_spec_with_the_same_answer():
    done = subprocess.run([sys.executable, SCRIPT, "--splits", "spider-dev"], capture_output=True, text=True, check=True)
    found = re.search(r"spider-dev ([\d.]+)%", done.stdout)
    assert found, done.stdout
    assert float(found[1]) >= 97
