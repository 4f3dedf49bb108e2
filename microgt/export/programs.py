"""The encoder and the decoder's step as programs of plain operations, with free sizes: what ONNX and `torch.export` files are made of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from microgt.errors import ConfigError
from microgt.export.modules import example_of, parts_of
from microgt.export.plain import plain
from microgt.graph import Graph, ValueNode
from microgt.model.checkpoint import Checkpoint
from microgt.model.exported.names import ENCODED, PLACE, READ, STEP_INPUTS


class Programs(NamedTuple):
    """Both functions."""

    encoder: ExportedProgram
    step: ExportedProgram


def programs_of(checkpoint: Checkpoint) -> Programs:
    """Trace a model. Raises `ConfigError` for a model with parts that cannot be traced, saying which."""
    encoder, step = parts_of(checkpoint.model)
    graphs = [_graph(more, flags=checkpoint.model.embedder.flags.in_features) for more in (0, 3)]
    read, stepped = example_of(checkpoint.model.collate(graphs, None, checkpoint.lexicon), encoder)
    return Programs(_trace(encoder, read, READ), _trace(step, stepped, STEP_INPUTS))


def _trace(module: nn.Module, example: tuple[Tensor, ...], names: Sequence[str]) -> ExportedProgram:
    shapes = tuple(dict.fromkeys(_free(name, x), Dim.DYNAMIC) for name, x in zip(names, example, strict=True))
    try:
        with torch.no_grad():
            return plain(torch.export.export(module, example, dynamic_shapes=shapes, strict=False))
    except Exception as error:  # torch raises many kinds
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigError(f"a part of this model cannot be exported as a graph of operations: {reason}; use format=hf") from error


def _free(name: str, x: Tensor) -> Sequence[int]:
    """Which sizes of an input are free: of graphs, nodes, tokens and steps."""
    if name in ("cross", "past"):
        return (1, 3)
    if name in PLACE:
        return (0,)
    return range(2 if name in ("flags", *ENCODED) else x.ndim)


def _graph(more: int, *, flags: int) -> Graph:
    """A graph whose sizes all differ from each other and from 0 and 1, which tracing would take for fixed."""
    words, tables, columns, values = 5 + more, 2, 7 + more, 3
    count = words + 1 + tables + columns + values
    rng = random.Random(more)
    return Graph(
        question="",
        words=tuple(f"w{i}" for i in range(words)),
        tables=tuple(f"t{i}" for i in range(tables)),
        columns=tuple(f"t{i % tables}.c{i}" for i in range(columns)),
        values=tuple(ValueNode(value=i, source="number", span=None, columns=(), score=1.0) for i in range(values)),
        relations=np.ones((count, count), dtype=np.uint8),
        tokens=tuple(tuple(rng.choices(("order", "total", "region", "name"), k=rng.randint(1, 3))) for _ in range(count)),
        flags=np.zeros((count, flags), dtype=np.uint8),
    )
