"""What `microgt evaluate` leaves behind: files, and the verdict beside an earlier run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from microgt.errors import DataError
from microgt.evaluation import write_report
from microgt.evaluation.journal import journal_beside
from microgt.evaluation.paired import RunComparison
from microgt.evaluation.paired_table import notes, verdict
from microgt.evaluation.report import html, junit, markdown
from microgt.evaluation.results import Results
from microgt.files import write_text

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"  # the variable that names the file which a step of GitHub Actions adds its summary to


def write_outputs(results: Results, config: dict[str, Any], against: RunComparison | None = None) -> None:
    """Write every file that is asked for, and remove the journal. Raises `DataError`, after the others are written, for those that cannot
    be; then the journal stays."""
    failed = []
    for write in _writers(results, config, against):
        try:
            write()
        except DataError as error:
            failed.append(str(error))
    if failed:
        raise DataError("; ".join(failed))
    if config["out"]:
        with suppress(OSError):  # none, or what stands in its place
            journal_beside(config["out"]).unlink()


def regression_status(against: RunComparison) -> int:
    """1 when the run is worse than the earlier one; says why, or why not."""
    for note in notes(against):
        print(note)
    print(f"First is the earlier run, second this one. {verdict(against.overall)}")
    return 1 if against.overall.worse else 0


def _writers(results: Results, config: dict[str, Any], against: RunComparison | None) -> Iterator[Callable[[], Any]]:
    title = f"{results.data}/{results.split}"
    if config["out"]:
        yield lambda: results.write(config["out"])
    if config["junit"]:
        yield lambda: write_text(Path(config["junit"]), junit(results))
    if config["markdown"]:
        yield lambda: _add(Path(config["markdown"]), markdown(results, title, against=against))
    if config["html"]:
        yield lambda: write_text(Path(config["html"]), html(results, title, against))
    if config["report"]:
        yield lambda: print(write_report(results, config["report"], title=title))


def _add(path: Path, text: str) -> None:
    """Write the file; the summary of a step of GitHub Actions keeps what earlier commands have put there."""
    there = os.environ.get(STEP_SUMMARY)
    kept = path.read_text(encoding="utf-8") if there and path.resolve() == Path(there).resolve() and path.exists() else ""
    write_text(path, kept + text)
