"""Attention whose scores and values depend on a small integer relation between each pair of nodes."""

from microgt_kernels.attention import BACKENDS, relation_attention
from microgt_kernels.masks import keep_mask

__all__ = ["BACKENDS", "keep_mask", "relation_attention"]
