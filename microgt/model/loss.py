"""What training minimises: the gold actions' cross-entropy, and for the encoder whether each table, column and value is used."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from microgt.graph import NodeKind
from microgt.model.batch import Batch
from microgt.model.parser import Output
from microgt_kernels import action_likelihood


@dataclass
class Losses:
    """total: what to minimise. actions: nats of an action that the model may choose, smoothing not counted.
    items: nats of an item.

    exact: share of graphs whose every action is the likeliest given the gold before it. balance: of mixtures of experts, if any.
    """

    total: Tensor
    actions: Tensor
    items: Tensor
    exact: Tensor
    balance: Tensor | None = None

    def scalars(self) -> dict[str, Tensor]:
        """Figures to log, without gradients."""
        balance = {} if self.balance is None else {"balance": self.balance}
        return {"loss": self.total.detach(), "actions": self.actions, "items": self.items, "exact": self.exact, **balance}


class ParserLoss(nn.Module):
    """smoothing: probability spread evenly over the legal actions. items: weight of the item loss.

    balance: weight of the load balance of mixtures of experts, where the model has some.
    """

    def __init__(self, *, smoothing: float = 0.05, items: float = 0.3, balance: float = 0.01):
        super().__init__()
        self.smoothing, self.items, self.balance = smoothing, items, balance

    def forward(self, output: Output, batch: Batch) -> Losses:
        """Means over the batch's actions and items; of a part of a batch times its shares in `total`. The batch must have targets."""
        assert batch.actions is not None
        assert batch.action_mask is not None
        gold_BL, even_BL = action_likelihood(output.logits, batch.actions)
        smooth_BL = (1 - self.smoothing) * gold_BL + self.smoothing * even_BL
        items = self._items(output, batch)
        nats, weighed = -_mean(smooth_BL, batch.action_mask), items
        if batch.action_share is not None and batch.item_share is not None:
            nats, weighed = nats * batch.action_share, items * batch.item_share
        total = nats + self.items * weighed
        balance = output.balance
        if balance is not None:
            total, balance = total + self.balance * balance, balance.detach()
        exact = ((output.logits.argmax(-1) == batch.actions) | ~batch.action_mask).all(-1).float().mean()
        possible_BL = batch.action_mask & gold_BL.detach().isfinite()
        return Losses(total, -_mean(gold_BL.detach(), possible_BL), items.detach(), exact, balance)

    @staticmethod
    def _items(output: Output, batch: Batch) -> Tensor:
        assert batch.used is not None
        item_BN = batch.node_mask & (batch.kinds >= NodeKind.TABLE)
        return _mean(binary_cross_entropy_with_logits(output.item_logits, batch.used, reduction="none"), item_BN)


def _mean(x: Tensor, mask: Tensor) -> Tensor:
    """Over the entries of the mask; no indexing by it, which would wait for a GPU."""
    return x.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)
