"""JUnit XML, as continuous integration shows it: one suite a database, one case a question.

A wrong answer or none is a failure, an answer that did not run to its end is an error, a question that was left out is skipped.
The elements and attributes are those of Jenkins' `junit-10.xsd`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from microgt.evaluation.outcome import Outcome
from microgt.evaluation.results import Excluded, Item, Results
from microgt.evaluation.summary import grouped

FAILURES = (Outcome.WRONG, Outcome.INVALID_SPEC)
EXCLUDED = "excluded"
_LONGEST = 4_000  # characters of one text
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets


def junit(results: Results) -> str:
    """The file's text."""
    root = Element("testsuites", name=_text(f"{results.data} {results.split}"))
    classname = _text(f"{results.data}.{results.split}".replace(" ", "_"))
    for db, items in grouped(results.items, lambda item: item.db).items():
        _suite(root, _text(db), [_case(item, classname) for item in items])
    if results.excluded:
        _suite(root, EXCLUDED, [_skipped(item, classname) for item in results.excluded])
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, 0)) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', 0)) for suite in root):.3f}")
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(root: Element, name: str, cases: Sequence[Element]) -> None:
    suite = SubElement(root, "testsuite", name=name, tests=str(len(cases)))
    for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(kind) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")
    suite.extend(cases)


def _case(item: Item, classname: str) -> Element:
    case = Element("testcase", name=_text(item.id), classname=f"{classname}.{_text(item.db)}", time=f"{item.seconds or 0:.3f}")
    if not item.right:
        why = f"{item.outcome}: {item.why or 'no more is known'}"
        kind = "failure" if item.outcome in FAILURES else "error"
        found = SubElement(case, kind, type=str(item.outcome), message=_text(" ".join(why.split())))
        found.text = "\n".join(
            _text(line) for line in (item.question, f"gold: {item.gold_sql or 'nothing'}", f"predicted: {item.sql or 'nothing'}")
        )
    return case


def _skipped(item: Excluded, classname: str) -> Element:
    case = Element("testcase", name=_text(item.id), classname=f"{classname}.{EXCLUDED}", time="0.000")
    SubElement(case, "skipped", message=_text(item.reason))
    return case


def _text(text: str) -> str:
    """Without the characters that no XML may hold, and not without end."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text[:_LONGEST])
