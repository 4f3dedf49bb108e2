"""Training questions for any schema: specs sampled from the language, put into words, kept when they run and return rows.

profile.py    what a schema offers: measures, dimensions, dates, values, the paths between them
filters/      samples conditions together with their words
pieces.py     what all kinds of question are made of: a table, a measure, conditions
kinds/        the kinds of question: a spec together with its words
phrases.py    the varied wording of each piece
other/        forecasts, questions back, refusals
sql/          questions in the manner of text-to-SQL benchmarks
generate.py   the loop: sample, check, compile, run, deduplicate
"""

from microgt.data.generator.generate import generate
from microgt.data.generator.kinds import OF_TIME

__all__ = ["OF_TIME", "generate"]
