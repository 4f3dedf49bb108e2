"""The one public function, and the choice of who computes it.

Shapes: B batch, H heads, N nodes, D width of a head, R relations.

    s_ij = (q_i . k_j + q_i . rk[R_ij] + b_h[R_ij]) / sqrt(D)        o_i = sum_j p_ij (v_j + rv[R_ij])        p = softmax(s)

Shaw et al. 2018 (relation keys and values), Graphormer 2021 (bias for each head), RAT-SQL 2020 (relations of a schema graph).
"""

from __future__ import annotations

import torch
from torch import Tensor

from microgt_kernels.masks import keep_mask
from microgt_kernels.reference import attention_reference
from microgt_kernels.torch_path import attention_torch

BACKENDS = ("auto", "reference", "torch")


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

    q, k, v: [B,H,N,D], floating. rel: uint8 [B,N,N], every id < R. rel_k, rel_v: [R,D]. rel_bias: [H,R].
    key_mask: bool [B,N], False for keys that nobody may see; a batch item without any visible key gets zeros.
    dropout: probability of dropping an attention weight; the masks come from torch's random state.
    backend: "reference" is readable and slow, "torch" is fast on CPUs and never builds [B,N,N,D]; "auto" is "torch".

    Raises `ValueError` for shapes or dtypes that do not fit and for an unknown backend.
    """
    if backend not in BACKENDS:
        raise ValueError(f"unknown backend {backend!r}; choices: {', '.join(BACKENDS)}")
    _check(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask)
    keep = keep_mask((*q.shape[:2], q.shape[2], q.shape[2]), dropout, q) if dropout else None
    compute = attention_reference if backend == "reference" else attention_torch
    return compute(q, k, v, rel, rel_k, rel_v, rel_bias, key_mask, keep)


def _check(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    rel: Tensor,
    rel_k: Tensor | None,
    rel_v: Tensor | None,
    rel_bias: Tensor | None,
    key_mask: Tensor | None,
) -> None:
    if q.ndim != 4 or k.shape != q.shape or v.shape != q.shape:
        shapes = ", ".join(str(tuple(t.shape)) for t in (q, k, v))
        raise ValueError(f"q, k, v must have one shape [B,H,N,D]; they have {shapes}")
    b, h, n, d = q.shape
    if rel.dtype != torch.uint8:
        raise ValueError(f"rel must be uint8, it is {rel.dtype}")
    if rel.shape != (b, n, n):
        raise ValueError(f"rel must have shape [B,N,N] = {(b, n, n)}, it has {tuple(rel.shape)}")
    for name, table in (("rel_k", rel_k), ("rel_v", rel_v)):
        if table is not None and (table.ndim != 2 or table.shape[1] != d):
            raise ValueError(f"{name} must have shape [R,D] with D = {d}, it has {tuple(table.shape)}")
    if rel_bias is not None and (rel_bias.ndim != 2 or rel_bias.shape[0] != h):
        raise ValueError(f"rel_bias must have shape [H,R] with H = {h}, it has {tuple(rel_bias.shape)}")
    sizes = {t.shape[i] for t, i in ((rel_k, 0), (rel_v, 0), (rel_bias, 1)) if t is not None}
    if len(sizes) > 1:
        raise ValueError(f"rel_k, rel_v and rel_bias must have one number of relations R; they have {sorted(sizes)}")
    if key_mask is not None and (key_mask.dtype != torch.bool or key_mask.shape != (b, n)):
        raise ValueError(f"key_mask must be bool [B,N] = {(b, n)}, it is {key_mask.dtype} {tuple(key_mask.shape)}")
