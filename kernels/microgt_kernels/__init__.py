"""Attention whose scores and values depend on a relation between each pair of nodes, and other parts of a model in one pass."""

from microgt_kernels.attention import relation_attention
from microgt_kernels.backends import BACKENDS
from microgt_kernels.gating import swiglu
from microgt_kernels.likelihood import action_likelihood
from microgt_kernels.masks import keep_mask
from microgt_kernels.norm import rms_norm

__all__ = ["BACKENDS", "action_likelihood", "keep_mask", "relation_attention", "rms_norm", "swiglu"]
