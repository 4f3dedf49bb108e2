"""Every file under configs/model composes, binds, builds on the meta device and takes one step; sizes are what they say."""

import re
from pathlib import Path

import pytest
import torch

from microgt.build import build
from microgt.config import compose, config_folder
from microgt.model.description import describe

MODEL = config_folder() / "model"
ROOT = config_folder().parent
SIZES = sorted(p.stem for p in MODEL.glob("[!_]*.yaml"))
# What must be chosen beside a group whose parent is not always there.
BESIDE = {"model/encoder/attention/distance": "model/encoder/attention=plain,"}
AFTER = {"model/embedder/tokens=vectors": ",model.embedder.tokens.path=vectors.txt,model.embedder.tokens.size=3"}
MOST_FILES = 130


def swap(path: Path) -> str:
    group = str(path.parent.relative_to(MODEL.parent))
    chosen = f"{group}={path.stem}"
    return f"{BESIDE.get(group, '')}{chosen}{AFTER.get(chosen, '')}"


SWAPS = sorted(swap(p) for p in MODEL.rglob("*.yaml") if p.parent != MODEL)


def build_on_meta(overrides):
    with torch.device("meta"):
        return build(compose("describe", overrides)["model"])


def test_the_number_of_files_is_capped():
    assert len([*MODEL.rglob("*.yaml")]) <= MOST_FILES


@pytest.mark.parametrize(
    ("size", "low", "high"), [("nano", 0.7e6, 1.3e6), ("micro", 4e6, 9e6), ("small", 55e6, 65e6), ("tenth", 674e6 * 0.98, 674e6 * 1.02)]
)
def test_sizes(size, low, high):
    assert low <= sum(p.numel() for p in build_on_meta([f"model={size}"]).parameters()) <= high


def test_every_size_is_tested():
    assert SIZES == ["micro", "nano", "small", "tenth"]


def test_ablations_change_only_their_part():
    full = describe(compose("describe", ["model=nano"])["model"], nodes=9, actions=4)
    bias = describe(compose("describe", ["model=nano", "model/encoder/attention=bias"])["model"], nodes=9, actions=4)
    changed = {k for k in full.parameters.keys() | bias.parameters.keys() if full.parameters.get(k) != bias.parameters.get(k)}
    assert changed == {("encoder", "attention")}


def test_layers_share_no_parameters():
    model = build(compose("describe", ["model=nano", "size.encoder_layers=3", "size.decoder_layers=3"])["model"])
    for stack in (model.encoder.layers, model.decoder.layers):
        names = [{id(p) for p in layer.parameters()} for layer in stack]
        assert len(set.union(*names)) == sum(map(len, names))
    layer = model.decoder.layers[0]
    assert len({id(n.gain) for n in layer.norms}) == 3


def test_every_choice_is_on_the_page_of_blocks():
    rows = re.findall(r"^\| (.*?) \| (.*?) \|$", (ROOT / "microgt/blocks/README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    page = {}
    for groups, choices in rows:
        names = re.findall(r"`([\w/]+)`", re.sub(r"\(.*?\)", "", groups))
        for name in names:
            full = name if "/" in name or name == "blocks" else f"{names[0].rpartition('/')[0]}/{name}"
            page[full] = set(re.findall(r"(?:^|, )`(\w+)`", re.sub(r"\(.*?\)", "", choices)))
    files = {}
    for path in MODEL.rglob("*.yaml"):
        if path.parent != MODEL:
            files.setdefault(str(path.parent.relative_to(MODEL)), set()).add(path.stem)
    assert page == files


def test_configs_hold_no_absolute_paths():
    for path in config_folder().rglob("*.yaml"):
        assert str(Path.home()) not in path.read_text(encoding="utf-8")
