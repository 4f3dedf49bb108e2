"""Attention among the nodes of a graph, among the steps of a decoder, and from steps to nodes. One kind a file.

Shapes: B batch, N nodes, L steps, M positions that are looked at, H heads, G heads of keys and values, D width of a head, C = H*D.
"""

from microgt.blocks.attention.causal import CausalAttention
from microgt.blocks.attention.cross import CrossAttention
from microgt.blocks.attention.distance import ALiBi, NoDistance
from microgt.blocks.attention.heads import KeysValues
from microgt.blocks.attention.linear import LinearAttention
from microgt.blocks.attention.none import NoAttention, NoMemory
from microgt.blocks.attention.plain import PlainAttention
from microgt.blocks.attention.queries_keys import NormedRotary, QKNorm, Rotary, Unchanged
from microgt.blocks.attention.relation import RelationAttention
from microgt.blocks.attention.tree import NoTree, TreeBias, TreeKeys

__all__ = [
    "ALiBi",
    "CausalAttention",
    "CrossAttention",
    "KeysValues",
    "LinearAttention",
    "NoAttention",
    "NoDistance",
    "NoMemory",
    "NoTree",
    "NormedRotary",
    "PlainAttention",
    "QKNorm",
    "RelationAttention",
    "Rotary",
    "TreeBias",
    "TreeKeys",
    "Unchanged",
]
