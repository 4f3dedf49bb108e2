"""Training questions for any schema: specs sampled from the language, put into words, kept when they run and return rows.

profile.py    what a schema offers: measures, dimensions, dates, values, the paths between them
plans.py      samples a spec together with the pieces its question is made of
phrases.py    the varied wording of each piece
generate.py   the loop: sample, check, compile, run, deduplicate
"""

from microgt.data.generator.generate import generate

__all__ = ["generate"]
