"""Training questions in the manner of text-to-SQL benchmarks: SQL sampled together with its words, imported to a spec.

keys.py        tables as a graph of foreign keys, FROM clauses over it
sampler.py     draws tables and columns: typed, near ones more often
cells.py       values that conditions can be about
conditions.py  WHERE conditions with their words
words.py       comparisons in the terms of a column
kinds/         the kinds of question
sentences.py   commands, questions, requests, a few words
generate.py    the loop: draw, import, run, keep what has an answer

What is asked is SQL and not a spec, so that what it means is said as it is for questions that people wrote: by the importer.
"""

from microgt.data.generator.sql.generate import generate_sql

__all__ = ["generate_sql"]
