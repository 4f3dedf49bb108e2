"""What the arguments of `relation_attention` must be."""

from __future__ import annotations

import torch
from torch import Tensor

MOST_RELATIONS = 255  # ids are bytes, and masked keys take one more


def check(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    rel: Tensor,
    rel_k: Tensor | None,
    rel_v: Tensor | None,
    rel_bias: Tensor | None,
    key_mask: Tensor | None,
) -> None:
    """Raise `ValueError` for the first that does not fit, saying what it should be."""
    _check_heads(q, k, v)
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
    if sizes and max(sizes) > MOST_RELATIONS:
        raise ValueError(f"there are {max(sizes)} relations; at most {MOST_RELATIONS} are possible")
    if key_mask is not None and (key_mask.dtype != torch.bool or key_mask.shape != (b, n)):
        raise ValueError(f"key_mask must be bool [B,N] = {(b, n)}, it is {key_mask.dtype} {tuple(key_mask.shape)}")


def _check_heads(q: Tensor, k: Tensor, v: Tensor) -> None:
    if q.ndim != 4 or k.ndim != 4 or v.shape != k.shape or (*k.shape[:1], *k.shape[2:]) != (*q.shape[:1], *q.shape[2:]):
        shapes = ", ".join(str(tuple(t.shape)) for t in (q, k, v))
        raise ValueError(f"q must have the shape [B,H,N,D], k and v [B,G,N,D]; they have {shapes}")
    if not k.shape[1] or q.shape[1] % k.shape[1]:
        raise ValueError(f"the heads of q must be a multiple of those of k and v; {q.shape[1]} is not one of {k.shape[1]}")
