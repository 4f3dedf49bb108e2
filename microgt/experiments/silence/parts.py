"""Which parts of a trained model matter: a part is silenced, the questions are answered again, and the drop in accuracy is its worth.

No weight is trained again (Voita et al. 2019 and Michel et al. 2019 for heads; Zhang et al. 2022 for whole layers), so a drop is of
what this model leans on, not of what a model without the part could learn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from microgt.blocks.attention.heads import ToHeads
from microgt.blocks.relations import RelationBias, RelationVectors
from microgt.errors import ConfigError
from microgt.graph.synonyms import RELATION_NAMES
from microgt.model.parser import Parser


@dataclass(frozen=True)
class Part:
    """Something that can be silenced. row, column: its place in a heat map. silenced: a context in which the model runs without it."""

    row: str
    column: str
    silenced: Callable[[], AbstractContextManager[None]]

    @property
    def name(self) -> str:
        """`encoder 1 attention, head 2`."""
        return f"{self.row}, {self.column}"


def heads(model: Parser) -> list[Part]:
    """The heads of every attention: what a head adds to the output is taken away by zeroing its columns of the output matrix."""
    found = []
    for row, module in _attentions(model):
        width = _head_width(module)
        for head in range(module.out.in_features // width):
            place = (slice(None), slice(head * width, (head + 1) * width))
            found.append(Part(row, f"head {head}", lambda weight=module.out.weight, place=place: _zeroed(weight, place)))
    if not found:
        raise ConfigError("what=head: this model has no attention with heads")
    return found


def layers(model: Parser) -> list[Part]:
    """Whole layers, and the parts of each: a part that adds nothing leaves what goes into it unchanged."""
    found = []
    for stack in ("encoder", "decoder"):
        for number, layer in enumerate(getattr(model, stack).layers):
            parts = {name: child for name, child in layer.named_children() if name in ("attention", "cross", "feed_forward")}
            row = f"{stack} {number}"
            everything = tuple(parts.values())
            found.append(Part(row, "all", lambda modules=everything: _mute(modules)))
            found += [Part(row, name.replace("_", " "), lambda module=child: _mute((module,))) for name, child in parts.items()]
    return found


def relations(model: Parser) -> list[Part]:
    """Types of relations in each layer of the encoder, and in all: their rows of the tables become zero, as if they had never been told."""
    tables = {
        row: [m for m in module.modules() if isinstance(m, RelationVectors | RelationBias)]
        for row, module in _attentions(model)
        if row.startswith("encoder")
    }
    tables = {row: modules for row, modules in tables.items() if modules}
    if not tables:
        raise ConfigError("what=relation: this model reads no relations")
    everywhere = [module for modules in tables.values() for module in modules]
    places = {"all layers": everywhere, **(tables if len(tables) > 1 else {})}
    return [
        Part(name, row, lambda modules=tuple(modules), r=relation: _without_relation(modules, r))
        for relation, name in enumerate(RELATION_NAMES[: _count(everywhere[0])])
        for row, modules in places.items()
    ]


KINDS: dict[str, Callable[[Parser], list[Part]]] = {"head": heads, "layer": layers, "relation": relations}


def _attentions(model: Parser) -> Iterator[tuple[str, Any]]:
    """The attentions that have heads and an output matrix, by their place."""
    for stack in ("encoder", "decoder"):
        for number, layer in enumerate(getattr(model, stack).layers):
            for name in ("attention", "cross"):
                module = getattr(layer, name, None)
                if isinstance(getattr(module, "out", None), nn.Linear) and _head_width(module):
                    yield f"{stack} {number} {name}", module


def _head_width(module: Any) -> int:
    """0 when it has no heads."""
    return next((m.width for m in module.modules() if isinstance(m, ToHeads)), 0)


@contextmanager
def _zeroed(weight: Tensor, index: Any) -> Iterator[None]:
    with torch.no_grad():
        kept = weight[index].clone()
        weight[index] = 0.0
        try:
            yield
        finally:
            weight[index] = kept


@contextmanager
def _mute(modules: tuple[nn.Module, ...]) -> Iterator[None]:
    """What the modules give becomes zero; of a pair, such as an attention with what it remembers, its first."""

    def quiet(module: nn.Module, inputs: Any, output: Any) -> Any:
        return torch.zeros_like(output) if isinstance(output, Tensor) else (torch.zeros_like(output[0]), *output[1:])

    hooks = [module.register_forward_hook(quiet) for module in modules]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _count(module: Any) -> int:
    """How many relations a table has."""
    return module.table.shape[1 if isinstance(module, RelationBias) else 0]


@contextmanager
def _without_relation(modules: tuple[Any, ...], relation: int) -> Iterator[None]:
    """Its vectors, and its number for each head."""
    with torch.no_grad():
        kept = [module.table.clone() for module in modules]
        for module in modules:
            module.table[(slice(None), relation) if isinstance(module, RelationBias) else (relation,)] = 0.0
        try:
            yield
        finally:
            for module, table in zip(modules, kept, strict=True):
                module.table.copy_(table)
