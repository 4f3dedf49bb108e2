"""The table of kernels that were compiled ahead of time: that it is of the present kernels, whole and without spills; a part of it is made anew."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import pytest

from microgt_kernels.gpu.fingerprint import code, fingerprint
from microgt_kernels.gpu.tiles import WIDTHS, Tile, tiles_for

ROOT = Path(__file__).parents[2]
TARGETS = ("sm_80", "sm_90", "sm_100", "gfx942")
SHARED_KB = {"sm_80": 163, "sm_90": 227, "sm_100": 227, "gfx942": 64}
ITEMSIZES = {"bf16": 2, "fp16": 2, "tf32": 4, "fp32": 4}
ATTENTION = ("forward", "weights", "queries", "keys", "histogram")
ROW_KERNELS = ("rms_norm", "swiglu", "action_likelihood")
REPORT = (ROOT / "reports/kernels_aot.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in REPORT.splitlines() if re.match(r"\| (sm_|gfx)", line)]
needs_triton = pytest.mark.skipif(find_spec("triton") is None, reason="needs triton")


def test_the_report_is_of_the_present_kernels():
    assert f"kernels {fingerprint()}." in REPORT, "kernels or tiles changed: run scripts/compile_kernels.py"


def test_a_fingerprint_is_of_code_not_of_documentation():
    assert (
        code('"""Of."""\n\nx = 1  # one\n# two\ndef f():\n    """Long\n    and longer."""\n    return x\n')
        == "x = 1  # one\ndef f():\n    return x"
    )


def test_the_report_has_every_kernel_with_its_tile_and_none_spills():
    tiles = {(target, kernel, int(width), arithmetic): cell for target, kernel, width, arithmetic, cell, *_ in ROWS}
    for target, width, arithmetic in product(TARGETS, WIDTHS, ITEMSIZES):
        pair = [tiles_for(target, width, ITEMSIZES[arithmetic], aligned=aligned) for aligned in (True, False)]
        for kernel in ATTENTION[:-1]:
            want = dict.fromkeys(str(getattr(t, kernel)) for t in pair)
            assert tiles[target, kernel, width, arithmetic] == " / ".join(want)
    for target, arithmetic in product(TARGETS, ITEMSIZES):
        found = {kernel for where, kernel, _, how, *_ in ROWS if (where, how) == (target, arithmetic)}
        rows = () if arithmetic == "tf32" else (*ROW_KERNELS, *(f"{name} backward" for name in ROW_KERNELS))  # they have no products
        assert found == {*ATTENTION, *rows}
    for target, *_, shared, spills, _ in ROWS:
        assert spills == "0"
        assert max(map(int, shared.split(" / "))) <= SHARED_KB[target]


def test_products_are_on_tensor_cores():
    for target, kernel, width, arithmetic, *_, tensor in ROWS:
        if kernel in ATTENTION:  # float32 is as exact as torch's own by default, which NVIDIA's tensor cores are not
            assert ("none" in tensor) == (arithmetic == "fp32" and target != "gfx942"), (target, kernel, width, arithmetic)


def test_a_tile_is_read_as_it_is_written():
    assert str(Tile(128, 64, 8, 3)) == "128x64w8s3"
    assert Tile.read("128x64w8s3") == Tile(128, 64, 8, 3)
    with pytest.raises(ValueError, match="at most 128 columns are possible; these have 129"):
        tiles_for("sm_90", 129, 2, aligned=True)


@pytest.mark.slow
@needs_triton
def test_the_kernels_compile_without_spills(tmp_path):
    out = tmp_path / "table.md"
    arguments = ["--targets", "sm_90", "--widths", "32", "--arithmetics", "bf16", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/compile_kernels.py"), *arguments],
        env=os.environ | {"TRITON_CACHE_DIR": str(tmp_path / "cache"), "CI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = [line for line in out.read_text().splitlines() if line.startswith("| sm_90")]
    assert len(made) == 5 + 6
    if f"triton {version('triton')}," in REPORT:  # another release may use other registers, but must not spill
        written = {line for line in REPORT.splitlines() if "histogram" not in line}
        assert {line for line in made if "histogram" not in line} <= written


@pytest.mark.slow
@needs_triton
def test_a_tile_that_is_too_large_is_seen_to_spill(tmp_path, monkeypatch):
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    from microgt_kernels.gpu.ahead import compiled

    used = compiled("queries", "sm_90", Tile(128, 64, 8, 2), width=32, relations=65, heads=8, arithmetic="bf16", aligned=False)
    assert used.spills > 0
