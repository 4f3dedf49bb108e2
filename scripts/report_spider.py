"""Score a checkpoint on Spider dev, once, or on the validation databases, and write reports/spider/: figures, items, the training curve.

usage: MICROGT_BENCHMARKS=DIR python scripts/report_spider.py CHECKPOINT [--split dev|validation] [--beam N] [--out reports/spider]

Choices are made on the validation databases (`microgt evaluate data=spider split=validation`); this script is for the record.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import altair as alt
import vl_convert

from microgt.data.spider import SpiderSource
from microgt.errors import MicrogtError
from microgt.evaluation import results_table, write_report
from microgt.model.predictor import Predictor
from microgt.product.demo import plain_console
from microgt.product.predict import judge_model

WINDOW = 25  # logged points averaged into one of the curve


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--split", choices=("dev", "validation"), default="dev")
    parser.add_argument("--beam", type=int, default=5, help="the first of so many readings that the checker accepts; 1: greedy")
    parser.add_argument("--out", type=Path, default=Path("reports/spider"))
    args = parser.parse_args()
    try:
        predictor = Predictor.load(args.checkpoint, beam=args.beam)
        results = judge_model(SpiderSource(), predictor, split=args.split, checkpoint=args.checkpoint.name)
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    plain_console().print(results_table(results))
    training = predictor.checkpoint.config["training"]
    report = write_report(results, args.out, title=f"Spider {args.split}, beam {args.beam}")
    curve = _curve(args.checkpoint)
    # Questions and answers of the benchmark stay out of what is committed; results.json, which holds them, is ignored by git.
    text = _without_questions(report.read_text(encoding="utf-8")) + _making(training, curve is not None, args)
    if curve is not None:
        (args.out / "curve.png").write_bytes(curve)
    report.write_text(text, encoding="utf-8")
    print(report)
    return 0


def _without_questions(text: str) -> str:
    """The report without its section of wrong answers."""
    before, _, after = text.partition("\n## Not right")
    return before + "\n## Made by" + after.partition("\n## Made by")[2] if after else text


def _making(training: dict, curve: bool, args: argparse.Namespace) -> str:
    lines = ["", "## How the checkpoint was made", ""]
    lines += [f"- {key}: {value}" for key, value in training.items() if key != "databases"]
    lines += [f"- databases trained on: {len(training['databases'])}"]
    lines += ["", f"Command: `python scripts/report_spider.py {args.checkpoint} --split {args.split} --beam {args.beam}`"]
    return "\n".join([*lines, *(["", "![training loss](curve.png)"] if curve else [])]) + "\n"


def _curve(checkpoint: Path) -> bytes | None:
    """Training loss over steps from the run's CSV file; None when it is not beside the checkpoint."""
    file = next((f for f in (checkpoint / "csv/metrics.csv", checkpoint.parent / "csv/metrics.csv") if f.is_file()), None)
    if file is None:
        return None
    with file.open(encoding="utf-8") as lines:
        points = [(int(row["step"]), float(row["train/loss"])) for row in csv.DictReader(lines) if row.get("train/loss")]
    means = [points[i : i + WINDOW] for i in range(0, len(points), WINDOW)]
    rows = [{"step": part[-1][0], "loss": sum(loss for _, loss in part) / len(part)} for part in means]
    chart = alt.Chart(alt.Data(values=rows)).mark_line().encode(x="step:Q", y=alt.Y("loss:Q", title="training loss"))
    return vl_convert.vegalite_to_png(chart.properties(width=480, height=240).to_json(), scale=2)


if __name__ == "__main__":
    sys.exit(main())
