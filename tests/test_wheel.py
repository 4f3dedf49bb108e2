"""The wheel installs into a clean environment and its command runs outside the checkout, without the heavy packages."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import microgt
from tests.export.conftest import checkpoint, exported, graphs  # noqa: F401  a small model that knows a few questions

ROOT = Path(microgt.__file__).parents[1]
SPEC = {"query": {"outputs": ["customers.region", {"kind": "aggregate", "fn": "count", "of": {"kind": "rows", "table": "customers"}}]}}


def call(*command, cwd):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=900, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The bin folder of a fresh environment that holds the wheel and its base dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    status, _, err = call(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    assert status == 0, err
    (wheel,) = folder.glob("microgt-*.whl")
    status, _, err = call(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    assert status == 0, err
    status, _, err = call(folder / "venv/bin/pip", "install", "--quiet", wheel, cwd=folder)
    assert status == 0, err
    return folder / "venv/bin"


@pytest.mark.slow
def test_the_wheel_holds_configs_kernels_questions_a_checkpoint_and_the_type_marker(installed, tmp_path):
    code = (
        "import microgt; from importlib.util import find_spec; from pathlib import Path; root = Path(microgt.__file__).parent;"
        "assert find_spec('microgt_kernels');"  # not imported: it needs torch, which the light install leaves out
        "print((root / 'py.typed').exists(), (root / 'configs/train.yaml').exists(), (root / 'data/spider.py').exists(),"
        "(root / 'data/demo/questions/test/retail.jsonl').exists(), (root / 'evaluation/report/page.html').exists(),"
        "(root / 'checkpoints/micro/model.safetensors').exists())"
    )
    status, out, err = call(installed / "python", "-c", code, cwd=tmp_path)
    assert (status, out.strip()) == (0, "True True True True True True"), err


@pytest.mark.slow
def test_the_command_checks_and_compiles_outside_the_checkout(installed, tmp_path):
    with duckdb.connect(tmp_path / "shop.duckdb") as db:
        db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, region VARCHAR)")
        db.execute("INSERT INTO customers VALUES (1, 'north'), (2, 'south')")
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    (tmp_path / "wrong.json").write_text(json.dumps(SPEC).replace("customers.region", "customers.regoin"))
    microgt_command = installed / "microgt"
    status, out, err = call(microgt_command, "--version", cwd=tmp_path)
    assert (status, out.split()[0]) == (0, "microgt"), err
    assert call(microgt_command, "check", "shop.duckdb", "spec.json", cwd=tmp_path)[:2] == (0, "spec.json: ok\n")
    status, out, _ = call(microgt_command, "check", "shop.duckdb", "wrong.json", cwd=tmp_path)
    assert status == 1
    assert "did you mean 'region'?" in out
    status, out, err = call(microgt_command, "compile", "shop.duckdb", "spec.json", cwd=tmp_path)
    assert status == 0, err
    assert "COUNT" in out


@pytest.mark.slow
def test_the_runtime_answers_without_torch(installed, exported, tmp_path):  # noqa: F811
    folder = tmp_path / "runtime"
    assert call(sys.executable, "-m", "venv", folder, cwd=tmp_path)[0] == 0
    (wheel,) = installed.parents[1].glob("microgt-*.whl")
    status, _, err = call(folder / "bin/pip", "install", "--quiet", f"{wheel}[runtime]", cwd=tmp_path)
    assert status == 0, err
    with duckdb.connect(tmp_path / "shop.duckdb") as db:
        db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, amount DOUBLE, region VARCHAR)")
        db.execute("INSERT INTO orders VALUES (1, 20, 'north'), (2, 30, 'south')")
    code = (
        "from importlib.util import find_spec; assert find_spec('torch') is None and find_spec('lightning') is None;"
        "from microgt.runtime import Answerer;"
        f"print(sorted(Answerer({str(exported('onnx'))!r}).ask('shop.duckdb', 'total amount').rows))"
    )
    status, out, err = call(folder / "bin/python", "-c", code, cwd=tmp_path)
    assert (status, out.strip()) == (0, "[(50.0,)]"), err


@pytest.mark.slow
def test_a_verb_without_its_extra_names_it(installed, tmp_path):
    status, _, err = call(installed / "microgt", "train", cwd=tmp_path)
    assert (status, err) == (2, "microgt: microgt train needs the extra 'train': pip install 'microgt[train]'\n")
