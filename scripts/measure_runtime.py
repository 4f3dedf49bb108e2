"""What the runtime without torch costs before and after its first answer: time and memory of fresh processes. Writes a markdown table.

usage: python scripts/measure_runtime.py EXPORT [CHECKPOINT] [--repeats N] [--out reports/runtime.md]

EXPORT: a folder of `microgt export format=onnx`. CHECKPOINT: the same model in torch, set beside it.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median

from microgt.commit import git_hash
from microgt.data.demo.build import build_database
from microgt.files import write_text

QUESTION = "How many customers are there in each region?"
# Each step is one more line than the one before. {db}, {folder}: where they are.
STEPS = {
    "runtime": (
        "from microgt.runtime import Answerer",
        "asker = Answerer({folder!r})",
        "asker.ask({db!r}, {question!r})",
    ),
    "torch": (
        "import microgt; from microgt.product.asker import Asker; import microgt.model.predictor",
        "asker = microgt.load({folder!r})",
        "asker.ask({db!r}, {question!r})",
    ),
}
NAMES = ("import", "load", "first answer")
_MEASURE = """
import json, resource, sys, time
steps, found = json.loads(sys.argv[1]), []
for step in steps:
    begun, spent = time.perf_counter(), time.process_time()
    exec(step)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    found.append([time.process_time() - spent, time.perf_counter() - begun, most])
print(json.dumps(found))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("reports/runtime.md"))
    args = parser.parse_args()
    rows = [f"| runtime, onnxruntime | {_cells('runtime', args.export, args.repeats)} |"]
    if args.checkpoint:
        rows.append(f"| torch | {_cells('torch', args.checkpoint, args.repeats)} |")
    text = _report(rows, args)
    print(text)
    print(write_text(args.out, text))
    return 0


def _cells(kind: str, folder: Path, repeats: int) -> str:
    known = {"folder": str(folder), "db": str(build_database("retail")), "question": QUESTION}
    steps = json.dumps([step.format(**known) for step in STEPS[kind]])
    runs = [_run(steps) for _ in range(repeats)]
    spent = [median(run[i][0] for run in runs) for i in range(len(NAMES))]
    memory = [median(run[i][2] for run in runs) for i in range(len(NAMES))]
    return " | ".join(f"{s:.2f} | {m:.0f}" for s, m in zip(spent, memory, strict=True))


def _run(steps: str) -> list[list[float]]:
    done = subprocess.run([sys.executable, "-c", _MEASURE, steps], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _report(rows: list[str], args: argparse.Namespace) -> str:
    head = "| | " + " | ".join(f"{name}, s | MB so far" for name in NAMES) + " |"
    lines = ["# The runtime without torch: a fresh process", "", f"Seconds of processor time and peak memory, median of {args.repeats}."]
    lines += [
        f'Question: "{QUESTION}"; DuckDB runs in a process of its own, which is not counted.',
        "",
        head,
        "|---" + "|--:" * 6 + "|",
        *rows,
    ]
    given = " ".join(path.name for path in (args.export, args.checkpoint) if path)
    versions = ", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "torch", "numpy", "duckdb"))
    made = f"{versions}, Python {platform.python_version()}, {platform.machine()}, {git_hash() or 'no checkout'}"
    return "\n".join([*lines, "", f"Made by `python scripts/measure_runtime.py {given} --repeats {args.repeats}`: {made}."]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
