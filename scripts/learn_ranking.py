"""Learn which of a checkpoint's readings to take, how sure to be of it, and below which confidence to ask back; put it into the checkpoint.

usage: MICROGT_BENCHMARKS=DIR python scripts/learn_ranking.py CHECKPOINT [--sets NAME ...] [--beside NAME ...] [--limit N] [--beam N]
                                                              [--ridge R] [--dry] [--work runs/ranking]

Sets are those of scripts/report_robustness.py; for those beside only the thresholds are to hold too. Figures are of validation questions,
each by what was learned without its database. What has been read and marked is kept in --work and not done again for the same checkpoint by
the same code. `--dry` only prints.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch
from report_robustness import SETS, sample, source_of

from microgt import engine, evaluation, graph, model, ranking, schema, spec
from microgt.data.makers import code_hash
from microgt.errors import CheckpointError, MicrogtError
from microgt.evaluation.calibration import LEAST, Thresholds
from microgt.evaluation.selective import COVERAGES, selective
from microgt.files import write_text
from microgt.model.loading import load_proposer
from microgt.model.proposer import Proposer
from microgt.model.ranked import forget_ranking, store_ranking
from microgt.product import calibrate, ranked
from microgt.product.calibrate import mark
from microgt.ranking import Learned, Marked, Taken, learn
from microgt.ranking.fit import RIDGE
from microgt.schema.load import stamp_of

DEFAULT = ("validation", "reworded by people", "business", "company", "invented")
BESIDE = ("charts", "business elsewhere", "web tables")  # charts: of nvBench
_MODULES = (ranking, model, graph, schema, spec, engine, evaluation, calibrate, ranked)  # that read, run and mark
_SHOWN = (20, 40, 60, 80)  # percent of the surest answers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--sets", nargs="*", choices=SETS, default=list(DEFAULT), help=f"default: {' '.join(DEFAULT)}")
    parser.add_argument("--beside", nargs="*", choices=SETS, default=list(BESIDE), help=f"default: {' '.join(BESIDE)}")
    parser.add_argument("--limit", type=int, default=0, help="so many questions of each set; default: all")
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--ridge", type=float, default=RIDGE)
    parser.add_argument("--dry", action="store_true", help="print the figures and leave the checkpoint as it is")
    parser.add_argument("--work", type=Path, default=Path("runs/ranking"), help="where what is done is kept")
    args = parser.parse_args()
    torch.set_num_threads(1)
    try:
        beside = [name for name in args.beside if name not in args.sets]
        sets = {name: marked(name, args) for name in [*beside, *args.sets]}
        learned = learn({n: sets[n] for n in args.sets}, {n: sets[n] for n in beside}, ridge=args.ridge)
        if not args.dry:
            store_ranking(args.checkpoint, learned.ranking)
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print("\n".join(report(sets, learned)))
    return 0


def marked(name: str, args: argparse.Namespace) -> list[Marked]:
    """From the file of an earlier run of the same checkpoint and settings, or read and marked now."""
    weights = sorted(args.checkpoint.rglob("*.safetensors"))
    key = code_hash(f"{stamp_of(weights)} {args.limit} {args.beam} {SETS[name]}", *_MODULES)
    file = args.work / f"{name.replace(' ', '_')}-{key}.json"
    with suppress(OSError, ValueError, TypeError, KeyError):  # not there, or of another version
        return [_read(row) for row in json.loads(file.read_text(encoding="utf-8"))]
    source = source_of(name)
    found = mark(source, sample(source.examples(SETS[name].split), args.limit), _loaded(args))
    write_text(file, json.dumps([_written(m) for m in found]))
    return found


def _loaded(args: argparse.Namespace) -> Proposer:
    """The checkpoint's; a ranking of another version, with which it cannot be loaded, is forgotten."""
    try:
        return load_proposer(args.checkpoint, beam=args.beam)
    except CheckpointError:
        if args.dry:
            raise
        forget_ranking(args.checkpoint)
        return load_proposer(args.checkpoint, beam=args.beam)


def _written(m: Marked) -> dict[str, Any]:
    arrays = {"rows": m.rows.tolist(), "answers": m.answers.tolist(), "right": m.right.tolist()}
    return {"db": m.db, "kinds": list(m.kinds), "signs": [dict(s) for s in m.signs], **arrays}


def _read(row: dict[str, Any]) -> Marked:
    return Marked(row["db"], np.array(row["rows"]), np.array(row["answers"]), row["signs"], np.array(row["right"]), row["kinds"])


def report(sets: dict[str, list[Marked]], learned: Learned) -> list[str]:
    """The figures as markdown."""
    surest = [f"surest {percent}%" for percent in _SHOWN]
    head = ["set", "questions", "the likeliest", "the ranker's", "some reading", "answered", "right if answered"]
    head += ["AUROC before", "AUROC", *surest]
    at = learned.ranking.thresholds
    said = f"Threshold {at.words:.3f}, of charts {at.charts:.3f}, of databases whose names are codes {at.coded:.3f}"
    lines = [f"{said}: of the answers given at least {LEAST:.0%} are right on each set.", ""]
    lines += [f"| {' | '.join(head)} |", "|---|" + "--:|" * (len(head) - 1)]
    return lines + [f"| {' | '.join(_row(name, sets[name], taken, at))} |" for name, taken in learned.taken.items()]


def _row(name: str, found: Sequence[Marked], taken: Sequence[Taken], thresholds: Thresholds) -> list[str]:
    first = selective([bool(m.right[0]) for m in found], [m.signs[0]["log_prob"] for m in found])
    now = selective([t.right for t in taken], [t.confidence for t in taken])
    given = [t.right for m, t in zip(found, taken, strict=True) if t.confidence >= thresholds.of(m.kinds[t.place])]
    shares = [_percent(m.right[0] for m in found), _percent(t.right for t in taken), _percent(m.right.any() for m in found)]
    answered = [f"{len(given) / max(1, len(found)):.1%}", f"{_percent(given)} ({sum(given)} of {len(given)})" if given else "–"]
    areas = [f"{s.auroc:.3f}" if s and s.auroc is not None else "–" for s in (first, now)]
    curve = dict(zip(COVERAGES, now.curve, strict=True)) if now else {}
    return [name, str(len(found)), *shares, *answered, *areas, *(f"{curve[p].accuracy:.1%}" for p in _SHOWN if p in curve)]


def _percent(marks: Iterable[object]) -> str:
    found = [bool(m) for m in marks]
    return f"{sum(found) / max(1, len(found)):.1%}"


if __name__ == "__main__":
    sys.exit(main())
