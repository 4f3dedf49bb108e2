"""What a model card says of data and licences."""

import json

import pytest

from microgt.config import compose
from microgt.export.card import card, sources, stages


def licences(training):
    return [licence for licence, _ in sources(training)]


def test_one_source_and_its_rewordings():
    found = sources({"data": "spider", "shares": {"train": 1.0, "extra": 0.5}})
    assert [licence for licence, _ in found] == ["cc-by-sa-4.0", "cc-by-sa-4.0"]
    assert "Spider-Syn" in found[1][1]
    assert "Spider-Syn" not in str(sources({"data": "spider", "shares": {"train": 1.0, "extra": 0.0}}))


def test_a_mix_is_its_parts_that_have_a_share_each_once():
    shares = {
        "spider_train": 1.0,
        "synthetic_train": 0.3,
        "retold_train": 0.0,
        "nvbench_train": 0.0,
        "demo_written": 1.0,
        "demo_other": 0.1,
    }
    assert licences({"data": "mix", "shares": shares}) == ["cc-by-sa-4.0", "cc-by-sa-4.0", "apache-2.0"]


def test_every_part_of_the_shipped_recipe_is_known():
    recipe = compose("train", ["data=micro_charts"])["data"]
    found = sources({"data": "mix", "shares": recipe["shares"]})
    assert len(found) == 12
    assert "other" not in [licence for licence, _ in found]


def test_what_a_checkpoint_began_with_counts_too():
    first = {"data": "mix", "shares": {"spider_train": 1.0, "synthetic_train": 0.3}, "steps": 7}
    second = {"data": "mix", "shares": {"spider_train": 1.0, "business_train": 0.3, "synthetic_train": 0.0}, "steps": 9, "before": first}
    assert ["generated" in text for _, text in sources(second)] == [False, True, True]
    assert [stage["steps"] for stage in stages(second)] == [7, 9]


@pytest.mark.parametrize("training", [{}, {"data": "folder", "shares": {"train": 1.0}}, {"data": "mix", "shares": {"nvbench_train": 0.1}}])
def test_what_is_unknown_is_said_to_be(training):
    ((licence, text),) = sources(training)
    assert licence == "other"
    assert "does not know" in text


def test_the_card_names_the_licence_of_its_data_and_where_its_vectors_are_from(exported, checkpoint):
    text = (exported("hf") / "README.md").read_text(encoding="utf-8")
    assert text.startswith("---\nlicense: apache-2.0\n")
    assert "No word vectors or weights of another model are in it." in text
    config = json.loads((exported("hf") / "config.json").read_text(encoding="utf-8"))
    static = {**config, "model": compose("describe", ["model=nano", "model/embedder/tokens=static"])["model"]}
    assert "distilled from all-MiniLM-L6-v2" in card(static, checkpoint, "", None)
    assert "thesaurus: WordNet 3.0" in text
    assert "thesaurus" not in card(static, checkpoint, "", None)
