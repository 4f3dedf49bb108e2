"""Exact set match without values and the hardness of gold, by the rules of Spider's official evaluator.

clauses.py   what is compared of a query
reading.py   SQL -> clauses
spelling.py  a spec as Spider's authors write SQL
match.py     the components and the columns that keys make equal
hardness.py  easy, medium, hard, extra
marking.py   scored questions with all that
"""

from microgt.evaluation.exact.clauses import Clauses
from microgt.evaluation.exact.hardness import hardness
from microgt.evaluation.exact.marking import marked
from microgt.evaluation.exact.match import COMPONENTS, differing, exact_match, key_classes
from microgt.evaluation.exact.reading import Unreadable, read_clauses
from microgt.evaluation.exact.spelling import spider_sql

__all__ = [
    "COMPONENTS",
    "Clauses",
    "Unreadable",
    "differing",
    "exact_match",
    "hardness",
    "key_classes",
    "marked",
    "read_clauses",
    "spider_sql",
]
