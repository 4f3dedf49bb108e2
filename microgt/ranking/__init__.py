"""Which of a model's readings is right: a small linear model over what each says, how sure the model was, and what running it shows.

    cues.py       what a question's words ask for, and whether a spec does it
    links.py      how much of what the question names a spec uses, and how much of what it uses the question names
    shown.py      what running a spec shows
    features.py   a reading among the others as numbers
    ranker.py     the linear model; JSON
    fit.py        learning it
    ranking.py    a ranker with those learned without one database each; JSON

A model of few million parameters has the right reading among its best five far more often than in first place. Learned re-ranking of
parses by features of the whole is of Collins and Koo (2005); agreement of answers between readings is execution voting as in Shi et al.
(2022, MBR-exec).
"""

from microgt.ranking.features import NAMES, Reading, features
from microgt.ranking.fit import fit
from microgt.ranking.ranker import Ranker
from microgt.ranking.ranking import Marked, Ranking, learn
from microgt.ranking.shown import Shown, shown

__all__ = ["NAMES", "Marked", "Ranker", "Ranking", "Reading", "Shown", "features", "fit", "learn", "shown"]
