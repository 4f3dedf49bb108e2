"""A run on paper: a folder for people, a page for a browser, files for continuous integration.

markdown.py  figures and wrong answers as text
picture.py   accuracy by category as a PNG
junit.py     one test case a question
html.py      one page that is filtered in the browser
"""

from __future__ import annotations

from pathlib import Path

from microgt.evaluation.report.html import html
from microgt.evaluation.report.junit import junit
from microgt.evaluation.report.markdown import markdown
from microgt.evaluation.report.picture import picture
from microgt.evaluation.results import Results
from microgt.files import write_bytes, write_text

PICTURE = "accuracy.png"


def write_report(results: Results, folder: str | Path, *, title: str = "Evaluation") -> Path:
    """Write report.md, results.json and accuracy.png into `folder`, each complete or not at all; return the markdown file, written last."""
    folder = Path(folder)
    write_bytes(folder / PICTURE, picture(results))
    results.write(folder / "results.json")
    return write_text(folder / "report.md", markdown(results, title, PICTURE))


__all__ = ["html", "junit", "markdown", "picture", "write_report"]
