"""Score a checkpoint on questions and databases of other makes beside Spider's validation databases, and write reports/robustness/.

usage: MICROGT_BENCHMARKS=DIR python scripts/report_robustness.py CHECKPOINT [--sets NAME ...] [--limit N] [--beam N]
                                                                   [--out reports/robustness]

Never about dev or test questions, but for geography and restaurants, which have no others. `--limit`: so many questions of each set, the
same of each derived set (0: all). What has been scored is kept in OUT/items and is not scored again for the same checkpoint. A ranking that
the checkpoint holds (scripts/learn_ranking.py) is used without what it learned on the database asked.
"""

from __future__ import annotations

import argparse
import hashlib
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import torch
from pydantic import ValidationError

from microgt.build import build
from microgt.config import compose
from microgt.data.example import Example, Source
from microgt.data.text2sql import NAMES
from microgt.errors import MicrogtError
from microgt.evaluation.results import Results
from microgt.evaluation.robustness import Scored, report
from microgt.files import write_text
from microgt.graph.naming import is_coded
from microgt.model.loading import load_proposer
from microgt.model.proposer import Proposer
from microgt.model.ranked import RANKER
from microgt.product.judge import judge
from microgt.product.predict import predict, trained_on
from microgt.progress import progress
from microgt.ranking import kind_of
from microgt.schema.load import stamp_of
from microgt.spec import read_spec

_CHANGES = ("reworded", "synonyms", "implicit", "respelled", "manner")
_CHANGES += ("camel", "words", "verbose", "cryptic", "widened", "undeclared", "company", "everything")


class Kind(NamedTuple):
    """Where the questions of a set come from. more: overrides."""

    data: str
    robustness: str = "none"
    split: str = "validation"
    more: tuple[str, ...] = ()


SETS = {
    "validation": Kind("spider"),
    "reworded by people": Kind("spider", split="reworded"),
    **{name: Kind("spider", name) for name in _CHANGES},
    "business": Kind("demo"),
    "business reworded": Kind("demo", "reworded"),
    "business elsewhere": Kind("folder", more=("data.path=data/business",)),
    "invented": Kind("invented"),
    "charts": Kind("nvbench"),
    "web tables": Kind("wikisql"),
    **{name: Kind("text2sql", split="test", more=(f"data.database={name}",)) for name in NAMES},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--sets", nargs="*", choices=SETS, default=list(SETS), help="default: all")
    parser.add_argument("--limit", type=int, default=150)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("reports/robustness"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    try:
        predictor = load_proposer(args.checkpoint, beam=args.beam)
        scored = [_scored(name, args, predictor) for name in progress(args.sets, "sets", len(args.sets))]
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    command = f"python scripts/report_robustness.py {args.checkpoint} --limit {args.limit} --beam {args.beam}"
    command += "" if args.sets == list(SETS) else f" --sets {' '.join(map(shlex.quote, args.sets))}"
    text = report(scored)
    text += f"\nCommand: `{command}`; {_describe(predictor)}\n"
    print(text)
    write_text(args.out / "report.md", text)
    return 0


def _scored(name: str, args: argparse.Namespace, predictor: Proposer) -> Scored:
    results, source = _measured(name, args, predictor), source_of(name)
    if predictor.ranking is None:
        return Scored(name, results)
    thresholds = predictor.ranking.thresholds
    coded = {db: is_coded(source.schema(db)) for db in {item.db for item in results.items}}
    specs = {item.id: item.spec and read_spec(item.spec) for item in results.items}
    return Scored(name, results, {item.id: thresholds.of(kind_of(specs[item.id], coded=coded[item.db])) for item in results.items})


def _measured(name: str, args: argparse.Namespace, predictor: Proposer) -> Results:
    """From the file of an earlier run of the same checkpoint and settings, or scored now."""
    weights = [f for f in (args.checkpoint, *args.checkpoint.rglob("*.safetensors"), *args.checkpoint.rglob(RANKER)) if f.is_file()]
    key = hashlib.sha256(f"{stamp_of(weights)} {args.limit} {args.beam} {SETS[name]}".encode()).hexdigest()[:12]
    file = args.out / "items" / f"{name.replace(' ', '_')}-{key}.json"
    with suppress(OSError, ValidationError):  # not there, or written by another version
        return Results.model_validate_json(file.read_text(encoding="utf-8"))
    source, split = source_of(name), SETS[name].split
    examples = sample(source.examples(split), args.limit)
    predictions = predict(source, examples, predictor)
    found = judge(source, split, examples, predictions, checkpoint=args.checkpoint.name, trained_on=trained_on(predictor))
    write_text(file, found.model_dump_json())
    return found


def source_of(name: str) -> Source:
    """Where the questions of a set come from."""
    kind = SETS[name]
    config = compose("evaluate", [f"data={kind.data}", f"robustness={kind.robustness}", *kind.more])
    return build(config["robustness"])(build(config["data"]["source"]))


def sample(examples: list[Example], limit: int) -> list[Example]:
    """Those whose ids have the lowest hashes: the same questions in every set derived from one source."""
    ordered = sorted(examples, key=lambda e: hashlib.sha256(e.id.encode()).digest())
    return ordered[:limit] if limit else ordered


def _describe(predictor: Proposer) -> str:
    config = predictor.config
    made = f" of microgt {config['microgt']} ({config['git'][:7]})" if "git" in config else ", an ensemble"
    return f"checkpoint{made}, relations {config['relation_version']}."


if __name__ == "__main__":
    sys.exit(main())
