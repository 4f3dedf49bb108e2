"""The graph that the model reads: words, tables, columns and values as nodes, a small relation id between any two."""

from microgt.graph.candidate import ValueNode
from microgt.graph.graph import Graph, NodeKind, build_graph
from microgt.graph.linker import Linker
from microgt.graph.relations import RELATION_VERSION, Relation

__all__ = ["RELATION_VERSION", "Graph", "Linker", "NodeKind", "Relation", "ValueNode", "build_graph"]
