"""The thesaurus from the files of WordNet, which are small here."""

import gzip
import sys
from pathlib import Path
from types import ModuleType

import pytest

from microgt.graph.thesaurus import NEAR, SAME, Thesaurus

LICENCE = "  1 This software and database is being provided to you\n"
NOUNS = LICENCE + (
    "00000010 18 n 01 person 0 000 | somebody\n"
    "00000020 18 n 03 client 0 customer 1 Customer 0 001 @ 00000010 n 0000 | who buys\n"
    "00000030 04 n 02 custom 0 usage(a) 0 000 | what is usually done\n"
    "00000040 18 n 02 last_name 0 surname 0 002 @ 00000010 n 0000 ~ 00000020 n 0000 | of a family\n"
    "00000050 18 n 02 aardwolf 0 client 0 000 | rare, and the fifth meaning of client\n"
    "00000060 18 n 01 the 0 000 | says nothing\n"
)
VERBS = LICENCE + (
    "00000070 40 v 02 buy 0 purchase 0 001 @ 00000080 v 0000 02 + 08 00 + 09 00 | pay for\n00000080 40 v 01 get 0 000 01 + 08 00 | obtain\n"
)
INDEX = LICENCE + (
    "person n 1 0 1 0 00000010\nclient n 5 1 @ 5 1 00000020 00000010 00000030 00000040 00000050\ncustomer n 1 1 @ 1 1 00000020\ncustom n 1 0 1 0 00000030\n"
    "usage n 1 0 1 0 00000030\nlast_name n 1 1 @ 1 0 00000040\nsurname n 1 1 @ 1 0 00000040\naardwolf n 1 0 1 0 00000050\n"
)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """What the script makes of these files; aardwolf is a rare word."""
    wordfreq = ModuleType("wordfreq")
    wordfreq.zipf_frequency = lambda word, language: 1.0 if word == "aardwolf" else 5.0
    monkeypatch.setitem(sys.modules, "wordfreq", wordfreq)
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "scripts")
    import make_thesaurus as script

    index = "buy v 1 1 @ 1 0 00000070\npurchase v 1 1 @ 1 0 00000070\n"
    texts = {"data.noun": NOUNS, "index.noun": INDEX, "data.verb": VERBS, "index.verb": index}
    for name in ("data.noun", "data.verb", "data.adj", "index.noun", "index.verb", "index.adj"):
        (tmp_path / name).write_text(texts.get(name, LICENCE))
    monkeypatch.setattr(script, "FILE", tmp_path / "thesaurus.txt.gz")
    monkeypatch.setattr(sys, "argv", ["make_thesaurus.py", str(tmp_path)])
    assert script.main() == 0
    return gzip.decompress((tmp_path / "thesaurus.txt.gz").read_bytes()).decode().split("\n")


def test_meanings_of_common_words_with_what_is_more_general(made):
    kin = Thesaurus(made).kin
    assert kin("surnam")["last name"] == SAME
    assert kin("surnam")["person"] == NEAR
    assert kin("purchas")["buy"] == SAME
    assert kin("usag")["custom"] == kin("custom")["client"] == SAME  # custom and customer are one stem
    assert not kin("aardwolf")
    assert not [line for line in made if "aardwolf" in line or line.startswith(("the,", "the;"))]


def test_the_synonyms_of_the_project_are_in_it(made):
    assert Thesaurus(made).kin("salari")["wage"] == SAME
