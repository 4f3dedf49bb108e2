"""The one public function, and the choice of who computes it.

Shapes: B batch, H heads, G heads of keys and values, N nodes, D width of a head, R relations.

    s_ij = (q_i . k_j + q_i . rk[R_ij] + b_h[R_ij]) / sqrt(D)        o_i = sum_j p_ij (v_j + rv[R_ij])        p = softmax(s)

Shaw et al. 2018 (relation keys and values), Graphormer 2021 (bias for each head), RAT-SQL 2020 (relations of a schema graph).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import pad

from microgt_kernels.arguments import check
from microgt_kernels.backends import by_triton
from microgt_kernels.masks import keep_mask
from microgt_kernels.operator import relation_attention_op
from microgt_kernels.reference import attention_reference

_MASKED = -1e30
MOST_STORED = 1 << 22  # attention weights of one call that the torch path keeps for its backward pass: 16 MB of float32


def relation_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    rel: Tensor,
    *,
    rel_k: Tensor | None = None,
    rel_v: Tensor | None = None,
    rel_bias: Tensor | None = None,
    key_mask: Tensor | None = None,
    dropout: float = 0.0,
    backend: str = "auto",
) -> Tensor:
    """Attention with relations, [B,H,N,D] in the dtype of `q`.

    q: [B,H,N,D], floating. k, v: [B,G,N,D], H a multiple of G (grouped-query attention, Ainslie et al. 2023).
    rel: uint8 [B,N,N], every id < R. rel_k, rel_v: [R,D]. rel_bias: [H,R].
    key_mask: bool [B,N], False for keys that nobody may see; a batch item without any visible key gets zeros.
    dropout: probability of dropping an attention weight; the mask comes from torch's random state, whatever the backend.
    backend: "reference" is readable, slow and made of plain operations; "torch" is fast on CPUs; "triton" needs a GPU (or
    TRITON_INTERPRET=1) and the package; the last two never build [B,N,N,D]. "auto": "triton" where it can run, else "torch".

    Raises `ValueError` for shapes or dtypes that do not fit and for an unknown backend, `RuntimeError` for "triton" where it cannot run.
    """
    check(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask)
    compute = _computed_by(backend, q.device.type)
    keep = keep_mask((*q.shape[:2], q.shape[2], q.shape[2]), dropout, q) if dropout else None
    with _no_autocast(q.device.type):
        return compute(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask, keep)


def _computed_by(backend: str, device_type: str) -> Callable[..., Tensor]:
    triton = by_triton(backend, device_type)
    return attention_reference if backend == "reference" else partial(attention_by_table, backend="triton" if triton else "torch")


def attention_by_table(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    rel: Tensor,
    rel_k: Tensor | None,
    rel_v: Tensor | None,
    rel_bias: Tensor | None,
    key_mask: Tensor | None,
    keep: Tensor | None,
    *,
    backend: str,
) -> Tensor:
    """The operator with relation vectors around it: a table of scores t [B,H,N,R] goes in, a histogram of weights comes out.

    Masked keys get one more relation, whose column of the table is -1e30: no mask of the size of the scores, and no NaN.
    """
    scale = 1 / math.sqrt(q.shape[-1])
    relations = next((x.shape[i] for x, i in ((rel_k, 0), (rel_v, 0), (rel_bias, 1)) if x is not None), 1)
    if rel_k is rel_v is rel_bias is None:  # no relation is read: all are the same one
        rel = torch.zeros_like(rel)
    rel = rel.contiguous()
    if key_mask is not None:
        rel = rel.masked_fill(~key_mask[:, None, :], relations)
    t = _table(q, rel_k, rel_bias, relations, scale, masked=key_mask is not None)
    q, k, v = (_unit_stride(x) for x in (q, k.to(q.dtype), v.to(q.dtype)))
    stored = backend == "torch" and _may_store(q, k, v, t)
    o, _, hist, _ = relation_attention_op(q, k, v, t, rel, keep, scale, 0 if rel_v is None else relations, stored, backend)
    if rel_v is not None:
        o = o + (hist @ rel_v.to(hist.dtype)).to(o.dtype)
    o = o.to(q.dtype)
    if key_mask is None or backend == "torch":  # the torch path gives zeros where no key is seen
        return o
    return o * key_mask.any(-1)[:, None, None, None]


def _table(q: Tensor, rel_k: Tensor | None, rel_bias: Tensor | None, relations: int, scale: float, *, masked: bool) -> Tensor:
    """[B,H,N,R], at least float32: scale (q_i . rk[r] + b_h[r]); with one column more, of -1e30, when keys are masked.

    Scale and column enter by the small tables, so that what is large is written once.
    """
    dtype = torch.promote_types(q.dtype, torch.float32)
    bias = q.new_zeros((1, relations), dtype=dtype) if rel_bias is None else rel_bias.to(dtype) * scale
    if masked:
        bias = pad(bias, (0, 1), value=_MASKED)
    if rel_k is None:
        return bias[None, :, None, :].expand(*q.shape[:3], -1)
    b, h, n, _ = q.shape
    vectors = pad(rel_k.to(dtype) * scale, (0, 0, 0, int(masked))).t().expand(b, h, -1, -1)
    bias = bias.expand(b, h, -1)[:, :, None]
    return torch.baddbmm(*(x.flatten(0, 1) for x in (bias, q.to(dtype), vectors))).view(b, h, n, -1)


def _may_store(q: Tensor, *others: Tensor) -> bool:
    """Whether weights are kept for the backward pass: if there is one, and they are few. An exported graph has any number of nodes."""
    if torch.compiler.is_exporting() or not torch.is_grad_enabled() or not any(x.requires_grad for x in (q, *others)):
        return False
    b, h, n, _ = q.shape
    return b * h * n * n <= MOST_STORED


def _unit_stride(x: Tensor) -> Tensor:
    return x if x.stride(-1) == 1 else x.contiguous()


def _no_autocast(device_type: str) -> AbstractContextManager[object]:
    """Operands have the dtypes they are to have. Without autocast nothing is done: an exported graph has no region for it.

    Devices such as "meta" have no autocast, and torch refuses to say whether it is on there.
    """
    on = torch.amp.is_autocast_available(device_type) and torch.is_autocast_enabled(device_type)
    return torch.autocast(device_type, enabled=False) if on else nullcontext()
