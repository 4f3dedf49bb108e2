"""Answers without torch."""

import json
import subprocess
import sys

import duckdb
import pytest

from microgt.runtime import Answerer
from tests.export.conftest import checkpoint, exported, graphs  # noqa: F401  the same small model

HEAVY = {"torch", "lightning", "datasets", "hydra", "omegaconf", "altair", "pandas", "rich", "onnx", "onnxscript", "safetensors"}


@pytest.fixture
def shop(tmp_path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as db:
        db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, amount DOUBLE, region VARCHAR)")
        db.execute("INSERT INTO orders VALUES (1, 20, 'north'), (2, 30, 'south'), (3, 50, 'south')")
    return tmp_path / "shop.duckdb"


def test_it_answers(exported, shop):  # noqa: F811
    with Answerer(exported("onnx"), beam=2) as answerer:
        answered = answerer.ask(shop, "total amount")
    assert answered.rows == ((100.0,),)
    assert answered.confidence > 0.5


def test_nothing_heavy_is_imported(exported, shop):  # noqa: F811
    code = (
        "import sys; sys.modules['torch'] = None\n"  # an import of it would raise
        "from microgt.runtime import Answerer\n"
        f"with Answerer({str(exported('onnx'))!r}) as answerer:\n"
        f"    answered = answerer.ask({str(shop)!r}, 'total amount')\n"
        "import json; print(json.dumps([answered.rows, sorted({name.split('.')[0] for name in sys.modules})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    rows, modules = json.loads(done.stdout)
    assert rows == [[100.0]]
    assert HEAVY & set(modules) - {"torch"} == set()
