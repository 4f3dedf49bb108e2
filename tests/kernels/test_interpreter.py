"""The tests of the Triton kernels in a process of its own, since Triton reads whether to interpret when a kernel is defined."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.mark.skipif(find_spec("triton") is None, reason="needs triton")
@pytest.mark.parametrize("speed", ["not slow", pytest.param("slow", marks=pytest.mark.slow)])
def test_the_kernels_by_the_interpreter(speed):
    command = [sys.executable, "-m", "pytest", "-q", "-m", speed, "-p", "no:cacheprovider", str(Path(__file__).with_name("triton"))]
    done = subprocess.run(command, env=os.environ | {"TRITON_INTERPRET": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
