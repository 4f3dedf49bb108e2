"""Which of a model's readings is right: a small linear model over what each says, how sure the model was, and what running it shows.

    cues.py       what a question's words ask for, and whether a spec does it
    orders.py     orders that a question names by their ends
    axes.py       by which axis of a chart a question wants its order
    links.py      how much of what the question names a spec uses, and how much of what it uses the question names
    odd.py        what in a spec alone nobody asks for
    shown.py      what running a spec shows
    answers.py    readings, and which of them give the same answer
    features.py   a reading among the others as numbers
    ranker.py     the linear model; JSON
    kind.py       which threshold an answer has to reach
    signs.py      what the confidence in the reading taken is calibrated by
    ranking.py    a ranker with its calibrator, and those learned without one database each; JSON
    fit.py        learning a ranker
    learn.py      learning a ranking from several sets of questions

A model of few million parameters has the right reading among its best five far more often than in first place. Learned re-ranking of
parses by features of the whole is of Collins and Koo (2005); agreement of answers between readings is execution voting as in Shi et al.
(2022, MBR-exec).
"""

from microgt.ranking.answers import Reading, same_answers
from microgt.ranking.features import NAMES, features
from microgt.ranking.fit import fit
from microgt.ranking.kind import kind_of
from microgt.ranking.learn import Learned, Marked, Taken, learn
from microgt.ranking.ranker import Ranker
from microgt.ranking.ranking import Ranking
from microgt.ranking.shown import Shown, shown

__all__ = [
    "NAMES",
    "Learned",
    "Marked",
    "Ranker",
    "Ranking",
    "Reading",
    "Shown",
    "Taken",
    "features",
    "fit",
    "kind_of",
    "learn",
    "same_answers",
    "shown",
]
