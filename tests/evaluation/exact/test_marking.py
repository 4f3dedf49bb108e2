import dataclasses
from dataclasses import dataclass

import pytest

from microgt.evaluation import Prediction, results_of, results_table
from microgt.evaluation.exact import marked
from microgt.evaluation.outcome import Outcome
from microgt.evaluation.results import Item
from microgt.spec.importer import import_sql
from microgt.spec.types import Spec
from tests.evaluation.exact.schema import SCHEMA


@dataclass(frozen=True)
class Gold:
    written: str | None
    id: str = "one"
    question: str = "?"
    db: str = "concerts"
    category: str | None = None
    spec: Spec | None = None
    answer: str | None = None

    @property
    def sql(self):
        return self.answer or (self.written and self.written.replace('"', "'"))


class Schemas:
    def schema(self, db):
        return SCHEMA


def _marked(written, *, sql=None, spec_of=None, error=None):
    spec = import_sql(spec_of, SCHEMA) if spec_of else None
    item = Item(id="one", db="concerts", category=None, question="?", outcome=Outcome.WRONG)
    [found] = marked([item], [Gold(written)], [Prediction("one", spec=spec, sql=sql, error=error)], Schemas())
    return found


OLD = 'SELECT name FROM singer WHERE country = "x" AND age > 3'


def test_specs_and_sql_are_compared_with_what_the_author_wrote():
    assert _marked(OLD, spec_of="SELECT name FROM singer WHERE age > 7 AND country = 'y'").set_match is True
    assert _marked(OLD, sql="SELECT DISTINCT name FROM singer WHERE age > 7 AND country = 'y'").set_match is True
    wrong = _marked(OLD, spec_of="SELECT name FROM singer WHERE age < 7 AND country = 'y'")
    assert (wrong.set_match, wrong.set_differs, wrong.hardness) == (False, ("where",), "medium")


@pytest.mark.parametrize("made", [{"sql": "SELECT upper(name) FROM singer"}, {"sql": "SELEC"}, {"error": "nothing"}])
def test_what_cannot_be_read_matches_nothing(made):
    found = _marked(OLD, **made)
    assert (found.set_match, found.set_differs, found.hardness) == (False, ("not Spider's SQL",), "medium")


def test_gold_that_no_spec_says_is_matched_by_no_spec():
    crossed = "SELECT count(*) FROM singer JOIN stadium"
    assert _marked(crossed, spec_of="SELECT count(*) FROM singer").set_differs == ("no spec",)
    assert _marked(crossed, sql=crossed).set_match is True


def test_gold_whose_sql_is_an_answer_is_matched_by_its_spec():
    gold = Gold(OLD, spec=import_sql(OLD.replace('"', "'"), SCHEMA), answer="SELECT c0 FROM (VALUES (0, 'Ann')) AS answer(place, c0)")
    item = Item(id="one", db="concerts", category=None, question="?", outcome=Outcome.WRONG)
    [found] = marked([item], [gold], [Prediction("one", spec=gold.spec)], Schemas())
    assert found.set_match is True
    [found] = marked([item], [dataclasses.replace(gold, spec=None)], [Prediction("one", spec=gold.spec)], Schemas())
    assert found.set_differs == ("no spec",)


def test_any_value_around_a_column_is_the_column():
    gold = "SELECT name, max(age) FROM singer"
    assert _marked(gold, sql="SELECT ANY_VALUE(name), MAX(age) FROM singer").set_match is True


def test_without_the_authors_sql_nothing_is_said():
    found = _marked(None, spec_of="SELECT name FROM singer")
    assert (found.set_match, found.set_differs, found.hardness) == (None, (), None)


def test_the_table_shows_the_rate(capsys):
    items = [_marked(OLD, sql=OLD.replace('"', "'")), _marked(OLD, sql="SELECT name FROM singer")]
    results = results_of(items, data="concerts", split="dev")
    assert (results.summary.set_match.k, results.summary.set_match.n) == (1, 2)
    assert "exact set match, no values" in [str(cell) for cell in results_table(results).columns[0].cells]
