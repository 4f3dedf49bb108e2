"""Dropout from a pool of masks."""

from __future__ import annotations

from torch import Tensor, nn

from microgt_kernels import keep_mask


class Dropout(nn.Module):
    """Zeros entries with probability `p` in training and scales the others by 1/(1-p); see `microgt_kernels.masks`."""

    def __init__(self, p: float):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"dropout must be in [0, 1), it is {p}")
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """Any shape; the same shape and dtype."""
        return x * keep_mask(tuple(x.shape), self.p, x) if self.training and self.p else x

    def extra_repr(self) -> str:
        """Shown by print."""
        return f"p={self.p}"
