"""`microgt evaluate`: run predictions against gold and say how many answers are right."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import add_overrides, override, overrides_of

EPILOG = """\
keys (defaults in configs/evaluate.yaml):
  predictions=FILE.jsonl      predictions of any system, a line each: {"id": ..., "prediction": SQL or a spec}, optionally
                              "confidence" (0 to 1) and "seconds"; predictions=gold scores gold against itself
  dialect=duckdb|sqlite       of the SQL in predictions (duckdb)
  checkpoint=DIR              instead: a checkpoint directory or a Lightning .ckpt; default: as for `microgt ask`
  beam=N                      of a checkpoint: the first of N readings that the checker accepts (5); 1: greedy
  data=demo|spider|nvbench|wikisql|invented|folder   what is asked; data=folder needs data.path=DIR
  split=NAME                  default: dev, else the data's own test split
  robustness=NAME             the same made harder (none): questions reworded, or only their synonyms, implicit, respelled, manner;
                              databases cryptic, camel, verbose, words, widened, undeclared, or all of it: company; everything
  limit=N                     only the first N questions
  variants=K                  an answer must be right on K generated variants of its database too (0); 5 tell nearly all near misses
  seed=N                      of the variants (0)
  keep_variants=DIR           write the variants there to look at: DIR/DATABASE/1.duckdb, ...
  workers=N                   databases looked at in parallel
  out=FILE.json               all items and figures; until they are written FILE.json.partial.jsonl holds what is done, and the same
                              command goes on where an interrupted one ended
  junit=FILE.xml              a test case for each question
  markdown=FILE.md            figures and wrong answers; a file that is $GITHUB_STEP_SUMMARY is added to
  html=FILE.html              one page: figures, a list to filter, wrong answers side by side; it needs no network
  report=DIR                  markdown, JSON and a picture

  --only-predicted            leave out questions without a prediction, which are wrong otherwise
  --fail-under X              exit status 1 when accuracy is below X (0 to 1)
  --max-regression FILE.json  exit status 1 when the run is worse than the one of this file (its out=) by the exact McNemar test on the
                              questions in both, two-sided, at 5%: chance does not fail it
  --schema                    print the JSON schema of out= and do nothing else

Gold that does not run stops the evaluation (exit status 2), but for what a benchmark is known to leave out.

examples:
  microgt evaluate data=folder data.path=questions --fail-under 0.7 out=result.json
  microgt evaluate predictions=mine.jsonl dialect=sqlite data=spider split=dev
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides, and the gates."""
    parser.epilog = EPILOG
    add_overrides(parser)
    parser.add_argument("--only-predicted", action="store_true", help="leave out questions without a prediction")
    parser.add_argument("--fail-under", type=float, metavar="X", help="exit status 1 when accuracy is below X (0 to 1)")
    parser.add_argument("--max-regression", metavar="FILE.json", help="exit status 1 when worse than this earlier run, by a paired test")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of out= and do nothing else")


def run(args: argparse.Namespace) -> int:
    """Compose, predict, execute, print the table."""
    if args.schema:
        return _print_schema()
    from microgt.config import compose
    from microgt.product.evaluate import evaluate

    return evaluate(compose("evaluate", [*overrides_of(args), *_flags(args)]))


def _print_schema() -> int:
    import json

    from microgt.evaluation.results import Results

    print(json.dumps(Results.model_json_schema(mode="serialization"), indent=1))
    return 0


def _flags(args: argparse.Namespace) -> list[str]:
    """The flags as overrides."""
    flags = ["only_predicted=true"] if args.only_predicted else []
    if args.fail_under is not None:
        flags.append(f"fail_under={args.fail_under}")
    if args.max_regression is not None:
        flags.append(override("max_regression", args.max_regression))
    return flags
