"""Variants of a database: small databases of the same shape on which near misses of gold queries give other answers.

A query that is wrong may be right on one database by chance. The method is that of distilled test suites (Zhong, Yu and Klein 2020,
"Semantic Evaluation for Text-to-SQL with Distilled Test Suites"): the variants of a database are shared by all its gold queries.

    variants = Variants(path, schema, golds, seed=0)
    variants.write(1, folder / "1.duckdb")

profile.py   what they are made from
literals.py  what gold compares columns with
values.py    values near a value
truth.py     values for which a condition holds, and does not
scenario.py  what a gold query is about, as rows to be made
style.py     how variants differ from each other
rows.py      the rows of one variant
play.py      a scenario among these rows
write.py     rows as a DuckDB file
suite.py     the variants of one database
suites.py    those of all databases of an evaluation
determined.py  golds that leave open which of several rows they mean
verdict.py   the verdict on an item over variants
"""

from microgt.evaluation.variants.suite import Variant, Variants
from microgt.evaluation.variants.suites import Suites
from microgt.evaluation.variants.verdict import Verdict, over_variants

__all__ = ["Suites", "Variant", "Variants", "Verdict", "over_variants"]
