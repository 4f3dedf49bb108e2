"""A nano model that knows a few specs by heart, and what becomes of it in each format."""

import os
import shutil
from functools import cache

import pytest
import torch
from filelock import FileLock

from microgt.build import build
from microgt.config import compose
from microgt.evaluation.calibration import Calibrator, Thresholds
from microgt.export import formats
from microgt.export import onnx as onnx_files
from microgt.export.export import write
from microgt.export.programs import programs_of
from microgt.graph import Graph
from microgt.model.checkpoint import Checkpoint, describe_making, write_checkpoint
from microgt.model.lexicon import Lexicon
from microgt.model.loss import ParserLoss
from microgt.model.predictor import Predictor
from microgt.schema.types import Column, ColumnType, Schema, Table
from microgt.spec import read_spec
from microgt.spec.grammar import GRAMMAR

SHOP = Schema(
    "shop",
    (
        Table(
            "orders",
            ("orders",),
            (
                Column("orders", "id", ColumnType.NUMBER, ("id",)),
                Column("orders", "amount", ColumnType.NUMBER, ("amount",)),
                Column("orders", "region", ColumnType.TEXT, ("region",)),
            ),
        ),
    ),
)
SUM = {"kind": "aggregate", "fn": "sum", "of": "orders.amount"}
UNSURE = Calibrator((), (), (), (), bias=0.0, thresholds=Thresholds(0.5, 0.5, 0.5))
LEARNT = {
    "total amount by region": {"query": {"outputs": ["orders.region", SUM]}},
    "total amount": {"query": {"outputs": [SUM]}},
    "all regions": {"query": {"outputs": ["orders.region"]}},
    "ids above 30": {"query": {"outputs": ["orders.id"], "where": {"kind": "compare", "op": "gt", "left": "orders.amount", "right": 30}}},
}


# The parts of the checkpoint that comes with microgt.
SHIPPED = ("model/embedder/links=synonyms", "model/decoder/attention=tree")


def taught(*parts: str) -> Checkpoint:
    """A model of these parts, trained until it says what it was told."""
    torch.manual_seed(0)
    untrained = Checkpoint(None, Lexicon.from_tokens([]), {})  # type: ignore[arg-type]
    graphs = [Predictor(untrained).graph(question, SHOP) for question in LEARNT]
    lexicon = Lexicon.from_tokens([node for graph in graphs for node in graph.tokens] * 2)
    config = compose("describe", ["model=nano", f"size.words={len(lexicon)}", "size.dropout=0.0", *parts])["model"]
    model, loss = build(config).train(), ParserLoss(smoothing=0.0)
    targets = [GRAMMAR.encode(read_spec(spec), graph.scope) for graph, spec in zip(graphs, LEARNT.values(), strict=True)]
    batch, optimizer = model.collate(graphs, targets, lexicon), torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        loss(model(batch), batch).total.backward()
        optimizer.step()
    return Checkpoint(model.eval(), lexicon, describe_making(config, training={"data": "demo", "steps": 60}))


@pytest.fixture(scope="session")
def checkpoint() -> Checkpoint:
    """Of the shipped kind."""
    return taught(*SHIPPED)


@pytest.fixture(scope="session")
def graphs(checkpoint):
    """Of the questions that it knows."""
    return graphs_for(checkpoint)


def graphs_for(checkpoint: Checkpoint) -> list[Graph]:
    """As a model reads the questions that were taught."""
    return [Predictor(checkpoint).graph(question, SHOP) for question in LEARNT]


@pytest.fixture(scope="session")
def folder(checkpoint, tmp_path_factory):
    """Its checkpoint directory."""
    return write_checkpoint(tmp_path_factory.mktemp("trained") / "c", checkpoint.model.state_dict(), checkpoint.lexicon, checkpoint.config)


@pytest.fixture(scope="session")
def exported(checkpoint, graphs, tmp_path_factory):
    """`exported(format)` -> the folder; each format is written once in a run of the tests, whichever module or process needs it first."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "exported"
    root.mkdir(exist_ok=True)
    programs = cache(lambda: programs_of(checkpoint))

    def make(name):
        whole = make("onnx") if name == "onnx_int8" else None
        with FileLock(root / f"{name}.lock"):
            if not (root / name).is_dir():
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(formats, "programs_of", lambda _: programs())
                    if whole:  # the same files are made smaller
                        patch.setattr(onnx_files, "_write", lambda path, *_: shutil.copy(whole / path.name, path))
                    write(root / name, checkpoint, name, graphs=graphs)
        return root / name

    return make
