"""The sizes of the tests of blocks, and attention with relations of these sizes. B items, N nodes, C channels, H heads of D."""

from microgt.blocks.attention import RelationAttention
from microgt.blocks.relations import NoRelation

B, N, C, H, D = 2, 7, 32, 4, 8


def relational(**parts) -> RelationAttention:
    """Without any relations but those of `parts`."""
    none = {name: NoRelation() for name in ("keys", "values", "bias")}
    return RelationAttention(dim=C, heads=H, **{**none, **parts})
