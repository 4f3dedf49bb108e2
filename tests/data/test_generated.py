"""The embedded training questions are made in processes that do not run the caller's script again."""

import subprocess
import sys

import pytest

from microgt.data.demo import generated
from microgt.errors import DataError


def test_a_script_without_a_main_guard_gets_them(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path))
    script = "from microgt.data.demo.source import DemoSource; print(len(DemoSource(per_database=4).examples('generated')))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert (run.stdout, run.returncode) == ("12\n", 0), run.stderr


def test_what_could_not_be_made_is_named(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DataError, match="questions of retail could not be generated"):
        generated.generated(["retail"], 3, seed=987)
