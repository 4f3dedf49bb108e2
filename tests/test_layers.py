"""A stage imports only earlier stages, and the light stages import nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import microgt

ROOT = Path(microgt.__file__).parent

# In the order of the flow. A module may import its own stage and every stage in an earlier group.
STAGES = [
    {"errors", "paths", "commit", "progress", "options"},
    {"build", "files", "lines", "pages"},
    {"config"},
    {"schema"},
    {"spec"},
    {"graph", "engine", "forecast", "audit"},
    {"refine"},
    {"evaluation", "data", "blocks", "profile"},
    {"ranking"},
    {"model"},
    {"training"},
    {"product"},
    {"runtime", "export", "experiments", "products"},
    {"serve"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(STAGES) for name in names}
HEAVY = ("torch", "lightning", "hydra", "omegaconf", "datasets", "tokenizers", "safetensors", "pandas", "altair")
LIGHT = ("schema", "spec", "graph", "engine", "forecast", "profile", "refine", "evaluation", "ranking", "audit")


def stage_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_stages(path: Path) -> set[tuple[str, int]]:
    """(stage, line) of every import inside microgt, in functions too."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"microgt.{alias.name}" for alias in node.names] if node.module == "microgt" else [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {(name.split(".")[1], node.lineno) for name in names if name.startswith("microgt.")}
    return found


def test_a_stage_imports_only_earlier_stages():
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        stage = stage_of(path)
        if stage in ("__init__", "configs"):
            continue
        assert stage in LEVEL, f"{path.relative_to(ROOT)}: stage {stage!r} has no place in STAGES"
        for other, line in sorted(imported_stages(path)):
            if other in LEVEL and other != stage and LEVEL[other] >= LEVEL[stage]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {other}")
    assert not wrong, "\n".join(wrong)


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after running `code`."""
    script = f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize("stage", LIGHT)
def test_light_stages_import_nothing_heavy(stage):
    modules = ["microgt", *(_module(path) for path in sorted((ROOT / stage).rglob("*.py")))]
    loaded = loaded_after("\n".join(f"import {name}" for name in modules))
    assert not loaded & set(HEAVY)


def test_search_and_what_it_needs_are_free_of_torch():
    assert "torch" not in loaded_after("import microgt.model.proposer, microgt.model.arrays, microgt.model.actions, microgt.model.lexicon")


def test_the_runtime_and_what_asks_it_are_free_of_torch():
    pytest.importorskip("onnxruntime")
    loaded = loaded_after("import microgt.runtime, microgt.product.predict, microgt.product.latency, microgt.cli.bench_ask")
    assert not loaded & ({*HEAVY} - {"tokenizers"})


def test_the_command_line_starts_without_heavy_imports():
    loaded = loaded_after("from microgt.cli.main import main\nmain(['--help'])")
    assert not loaded & {*HEAVY, "duckdb", "sqlglot", "pydantic", "numpy", "rich"}


def test_an_evaluation_starts_without_what_is_slow_to_import_and_seldom_used():
    loaded = loaded_after("import microgt.product.evaluate, microgt.data.spider, microgt.data.folder")
    assert not loaded & {*HEAVY, "networkx", "pyarrow"} - {"hydra", "omegaconf"}


def test_the_names_of_the_product_are_imported_when_they_are_asked_for():
    assert "networkx" not in loaded_after("import microgt.product")
    loaded_after("from microgt.product import Answered, Asker, ValueSource")
    with pytest.raises(ImportError, match="cannot import name 'Asked'"):
        exec("from microgt.product import Asked")


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
