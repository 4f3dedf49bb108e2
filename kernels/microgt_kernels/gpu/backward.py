"""Attention backward: one kernel for queries (and the gradient of each score), one for keys and values. Nothing is added atomically.

    dp_ij = keep_ij (do_i . v_j + g_i[R_ij])        ds_ij = p_ij (dp_ij - delta_i)        dq = scale ds k        dk = scale ds^T q
    dv = (keep p)^T do        delta_i = sum_j p_ij dp_ij

Dao et al. 2022; g [N,R] is the gradient of the histogram of weights, by which relation values enter.
"""

from __future__ import annotations

import triton
import triton.language as tl

from microgt_kernels.gpu.scores import kept, looked_up, product, relations_of, rows_of, scores, store_rows


@triton.jit
def queries_kernel(
    q, k, v, t, rel, keep, do, g, lse, delta, dq, ds,
    q_b, q_h, q_n, k_b, k_h, k_n, v_b, v_h, v_n,
    n, scale2, scale,
    H: tl.constexpr, GROUP: tl.constexpr, D: tl.constexpr, BD: tl.constexpr, R: tl.constexpr, KEEP: tl.constexpr, VALUES: tl.constexpr,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr, UPCAST: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """dq [B,H,N,D] and ds [B,H,N,N], the gradient of each score. do: contiguous [B,H,N,D]; g float32 [B,H,N,R], read if VALUES.

    The grid is (blocks of queries, B*H).
    """
    bh = tl.program_id(1).to(tl.int64)
    b, h = bh // H, bh % H
    i = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    k += b * k_b + (h // GROUP) * k_h
    v += b * v_b + (h // GROUP) * v_h
    rel += b * n * n
    t += bh * n * R
    g += bh * n * R
    keep += bh * n * n
    ds += bh * n * n
    q_tile = rows_of(q + b * q_b + h * q_h, i, q_n, n, D, BD)
    do_tile = rows_of(do + bh * n * D, i, D, n, D, BD)
    lse_i = tl.load(lse + bh * n + i, mask=i < n, other=0.0)
    delta_i = tl.load(delta + bh * n + i, mask=i < n, other=0.0)
    acc = tl.zeros([ROWS, BD], tl.float32)
    for start in range(0, n, COLUMNS):
        j = start + tl.arange(0, COLUMNS)
        row, column = i[:, None], j[None, :]
        k_tile = rows_of(k, j, k_n, n, D, BD)
        relation = relations_of(rel, row, column, n)
        p = tl.exp2(scores(q_tile, k_tile, t, row, column, relation, n, scale2, R, UPCAST, PRECISION) - lse_i[:, None])
        dp = product(do_tile, tl.trans(rows_of(v, j, v_n, n, D, BD)), UPCAST, PRECISION)
        if VALUES:
            dp += looked_up(g, row, column, relation, n, R)
        if KEEP:
            dp *= kept(keep, row, column, n)
        ds_tile = (p * (dp - delta_i[:, None])).to(ds.dtype.element_ty)
        tl.store(ds + row * n + column, ds_tile, mask=(row < n) & (column < n))
        acc += product(ds_tile, k_tile, UPCAST, PRECISION)
    store_rows(dq + bh * n * D, acc * scale, i, D, n, D, BD)


@triton.jit
def keys_kernel(
    q, k, v, t, rel, keep, do, g, lse, delta, dk, dv,
    q_b, q_h, q_n, k_b, k_h, k_n, v_b, v_h, v_n,
    n, scale2, scale,
    H: tl.constexpr, GROUP: tl.constexpr, D: tl.constexpr, BD: tl.constexpr, R: tl.constexpr, KEEP: tl.constexpr, VALUES: tl.constexpr,
    ROWS: tl.constexpr, COLUMNS: tl.constexpr, UPCAST: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """dk, dv [B,H/GROUP,N,D]: one program for a block of keys, over the heads of its group and all queries.

    Scores are transposed here: keys are rows. The grid is (blocks of keys, B*H/GROUP).
    """
    bg = tl.program_id(1).to(tl.int64)
    b, head = bg // (H // GROUP), bg % (H // GROUP)
    j = tl.program_id(0) * COLUMNS + tl.arange(0, COLUMNS)
    rel += b * n * n
    k_tile = rows_of(k + b * k_b + head * k_h, j, k_n, n, D, BD)
    v_tile = rows_of(v + b * v_b + head * v_h, j, v_n, n, D, BD)
    dk_acc = tl.zeros([COLUMNS, BD], tl.float32)
    dv_acc = tl.zeros([COLUMNS, BD], tl.float32)
    for member in range(GROUP):
        h = head * GROUP + member
        bh = b * H + h
        for start in range(0, n, ROWS):
            i = start + tl.arange(0, ROWS)
            row, column = i[None, :], j[:, None]
            q_tile = rows_of(q + b * q_b + h * q_h, i, q_n, n, D, BD)
            do_tile = rows_of(do + bh * n * D, i, D, n, D, BD)
            relation = relations_of(rel, row, column, n)
            s = scores(k_tile, q_tile, t + bh * n * R, row, column, relation, n, scale2, R, UPCAST, PRECISION)
            lse_i = tl.load(lse + bh * n + i, mask=i < n, other=0.0)
            p = tl.exp2(s - lse_i[None, :])
            dp = product(v_tile, tl.trans(do_tile), UPCAST, PRECISION)
            if VALUES:
                dp += looked_up(g + bh * n * R, row, column, relation, n, R)
            weight = p
            if KEEP:
                keep_tile = kept(keep + bh * n * n, row, column, n)
                dp *= keep_tile
                weight *= keep_tile
            dv_acc += product(weight.to(do.dtype.element_ty), do_tile, UPCAST, PRECISION)
            delta_i = tl.load(delta + bh * n + i, mask=i < n, other=0.0)
            dk_acc += product((p * (dp - delta_i[None, :])).to(q.dtype.element_ty), q_tile, UPCAST, PRECISION)
    store_rows(dk + bg * n * D, dk_acc * scale, j, D, n, D, BD)
    store_rows(dv + bg * n * D, dv_acc, j, D, n, D, BD)
