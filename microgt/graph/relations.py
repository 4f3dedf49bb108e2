"""The relations between nodes: fixed ids, the same for every data set. They extend the list of RAT-SQL (Wang et al. 2020, table 1)."""

from __future__ import annotations

from enum import IntEnum

RELATION_VERSION = 1


class Relation(IntEnum):
    """Ids from 0 (padding) to 63. Q question word, T table, C column, V value."""

    PAD = 0
    Q_BEFORE_4 = 1  # four words before, or more
    Q_BEFORE_3 = 2
    Q_BEFORE_2 = 3
    Q_BEFORE_1 = 4
    Q_SAME = 5
    Q_AFTER_1 = 6
    Q_AFTER_2 = 7
    Q_AFTER_3 = 8
    Q_AFTER_4 = 9
    QC_EXACT = 10
    QC_PARTIAL = 11
    QC_VALUE = 12
    QC_VALUE_PARTIAL = 13
    QC_NUMBER = 14
    QC_TIME = 15
    QC_NONE = 16
    CQ_EXACT = 17
    CQ_PARTIAL = 18
    CQ_VALUE = 19
    CQ_VALUE_PARTIAL = 20
    CQ_NUMBER = 21
    CQ_TIME = 22
    CQ_NONE = 23
    QT_EXACT = 24
    QT_PARTIAL = 25
    QT_NONE = 26
    TQ_EXACT = 27
    TQ_PARTIAL = 28
    TQ_NONE = 29
    CC_SAME = 30
    CC_SAME_TABLE = 31
    CC_KEY = 32
    CC_KEY_BACK = 33
    CC_SAME_NAME = 34
    CC_NONE = 35
    CT_BELONGS = 36
    CT_PRIMARY = 37
    CT_KEY_INTO = 38
    CT_NONE = 39
    TC_BELONGS = 40
    TC_PRIMARY = 41
    TC_KEY_INTO = 42
    TC_NONE = 43
    TT_SAME = 44
    TT_KEY = 45
    TT_KEY_BACK = 46
    TT_KEY_BOTH = 47
    TT_BRIDGE = 48
    TT_NONE = 49
    VQ_FROM = 50
    VQ_NONE = 51
    QV_FROM = 52
    QV_NONE = 53
    VC_CELL = 54
    VC_TYPE = 55
    VC_NONE = 56
    CV_CELL = 57
    CV_TYPE = 58
    CV_NONE = 59
    VV_SAME = 60
    OTHER = 61  # value with value, value with table
    STAR = 62  # the star node with any
    PREVIOUS = 63  # reserved: a node of the previous spec


# The id seen from the other side, for the links between a question word and a column or table.
BACK = Relation.CQ_EXACT - Relation.QC_EXACT
BACK_TABLE = Relation.TQ_EXACT - Relation.QT_EXACT

# One step apart in the graph, or the same: words side by side, what a word names, a table and its columns, both ends of a key.
NEIGHBOURS: frozenset[Relation] = frozenset(
    Relation[name]
    for name in (
        *("Q_BEFORE_1", "Q_SAME", "Q_AFTER_1", "CC_SAME", "CC_KEY", "CC_KEY_BACK", "TT_SAME", "TT_KEY", "TT_KEY_BACK", "TT_KEY_BOTH"),
        *(f"{pair}_{link}" for pair in ("QC", "CQ") for link in ("EXACT", "PARTIAL", "VALUE", "VALUE_PARTIAL", "NUMBER", "TIME")),
        *(f"{pair}_{link}" for pair in ("QT", "TQ") for link in ("EXACT", "PARTIAL")),
        *(f"{pair}_{link}" for pair in ("CT", "TC") for link in ("BELONGS", "PRIMARY")),
        *("VQ_FROM", "QV_FROM", "VC_CELL", "CV_CELL", "VV_SAME", "STAR"),
    )
)
