"""Each code that the source can raise has a test of its whole text, and a line on the page of the language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import microgt
from tests.spec.errors import test_clauses, test_documents, test_queries, test_views

SOURCE = Path(microgt.__file__).parent
PAGE = SOURCE / "spec" / "README.md"
TESTED = (
    *test_queries.CASES,
    *test_clauses.CASES,
    *test_views.CASES,
    *test_views.NO_QUERY,
    *test_documents.DOCUMENTS,
    *test_documents.PATCHES,
    *test_documents.DIALECT_CASES,
)


def codes_of(path: Path) -> Iterator[str]:
    """The strings of a module that are codes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"E_[A-Z_]+", node.value):
            yield node.value


def raised() -> set[str]:
    """By all but the server, whose own codes are of requests (`microgt/serve/problems.py`)."""
    return {code for path in SOURCE.rglob("*.py") if SOURCE / "serve" not in path.parents for code in codes_of(path)}


def test_codes_are_found():
    assert {"E_UNKNOWN_ID", "E_FANOUT", "E_JSON", "E_CHART_SHAPE"} <= raised()


def test_each_code_has_a_test_of_its_text():
    assert raised() == {case.error[1] for case in TESTED}


def test_each_code_is_on_the_page():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `E_")]
    named = [code for row in rows for code in re.findall(r"`(E_[A-Z_]+)`", row.split(" | ")[0])]
    assert sorted(named) == sorted(raised())
