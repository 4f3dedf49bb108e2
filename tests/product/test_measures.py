"""Which questions two checkpoints are compared by."""

from microgt.data.example import Example
from microgt.data.mix import MixSource
from microgt.product.measures import measures_of


class Said:
    """Five corrections, and no answer that was confirmed."""

    name, splits = "said", ("corrections", "confirmed")

    def examples(self, split):
        count = 5 if split == "corrections" else 0
        return [Example(f"{split}_{i}", f"question {i}", "shop", None, "SELECT 1", split) for i in range(count)]


def measured(**given):
    named = {name: {"split": split, "limit": limit, "decides": name == "past"} for name, (split, limit) in given.items()}
    return measures_of(named, MixSource({"said": Said()}), seed=0)


def test_what_has_no_question_is_left_out():
    found = measured(past=("said_corrections", None), confirmed_answers=("said_confirmed", 200), asked=("own_asked", None))
    assert [(m.name, len(m.examples), m.decides) for m in found] == [("past", 5, True)]


def test_of_many_questions_a_sample_is_drawn_from_the_seed():
    (one,), (again,) = measured(past=("said_corrections", 3)), measured(past=("said_corrections", 3))
    assert len({e.id for e in one.examples}) == 3
    assert one.examples == again.examples
