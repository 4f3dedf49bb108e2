"""README's python and console blocks run, in order, in one empty folder; console blocks print what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import microgt

ROOT = Path(microgt.__file__).parents[1]
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(command: list[str] | str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "MICROGT_CACHE": str(folder / "cache")}
    done = subprocess.run(command, cwd=folder, env=environment, shell=isinstance(command, str), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def console(text: str) -> list[tuple[str, str]]:
    """(command, expected output) pairs of a console block."""
    pairs = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(command, output) for command, _, output in (pair.partition("\n") for pair in pairs)]


def expected_prints(code: str) -> list[str]:
    """What the `print(...)  # ...` lines of a python block say they print."""
    return re.findall(r"^\s*print\(.*\)  # (.*)$", code, flags=re.MULTILINE)


def test_readme_examples_do_what_they_say(tmp_path):
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert {kind for kind, _ in blocks} == {"python", "console"}
    for kind, text in blocks:
        if kind == "python":
            assert run([sys.executable, "-c", text], tmp_path).splitlines() == expected_prints(text)
        else:
            for command, output in console(text):
                assert run(command, tmp_path) == output
