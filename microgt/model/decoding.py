"""Search over what a decoder writes, likeliest first. What is legal and what becomes of it is said by a `Writing`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from microgt.errors import GrammarError
from microgt.model.actions import ActionWriting, Nodes
from microgt.model.batch import Batch
from microgt.model.parser import Parser
from microgt.model.steps import Growing, Hypothesis, Writing
from microgt.spec.grammar import Scope

Write = Callable[[Batch, Sequence[Scope]], Writing]


class _Open(NamedTuple):
    """An output under way: of which graph of the batch, and the log-probability so far."""

    graph: int
    score: float
    written: Growing

    def push(self, index: int, score: float) -> _Open:
        return _Open(self.graph, score, self.written.push(index))


@torch.inference_mode()
def greedy(model: Parser, batch: Batch, scopes: Sequence[Scope], *, write: Write = ActionWriting) -> list[Hypothesis]:
    """The likeliest output at each step, all graphs of the batch together; one hypothesis a graph, in order.

    Raises `GrammarError` when a graph leaves nothing legal (a schema without tables or columns), or what was written is no spec.
    """
    device, writing, state = batch.kinds.device, write(batch, scopes), model.start(batch)
    found: dict[int, Hypothesis] = {}
    rows = [_Open(i, 0.0, writing.start(i)) for i in range(len(batch))]
    while rows:
        logp, state = model.decode_step(*writing.inputs([row.written for row in rows]), state)
        best, choice = (x.tolist() for x in logp.max(-1))
        if -torch.inf in best:
            raise rows[best.index(-torch.inf)].written.stuck()
        rows = [row.push(i, row.score + s) for row, i, s in zip(rows, choice, best, strict=True)]
        found |= {row.graph: row.written.finish(row.score) for row in rows if row.written.done}
        kept = [i for i, row in enumerate(rows) if not row.written.done]
        if len(kept) < len(rows):
            rows = [rows[i] for i in kept]
            state = state.select(torch.tensor(kept, dtype=torch.long, device=device))
    return [found[i] for i in range(len(batch))]


@torch.inference_mode()
def beam_search(model: Parser, batch: Batch, scope: Scope, *, beam: int = 5, write: Write = ActionWriting) -> list[Hypothesis]:
    """Up to `beam` hypotheses of the batch's only graph, likeliest first. Raises `GrammarError` when there is none."""
    if len(batch) != 1 or beam < 1:
        raise ValueError(f"beam search takes one graph and a beam of at least 1; it was given {len(batch)} and {beam}")
    device, writing, state = batch.kinds.device, write(batch, [scope]), model.start(batch)
    rows, finished = [_Open(0, 0.0, writing.start(0))], list[_Open]()
    while rows:
        logp, state = model.decode_step(*writing.inputs([row.written for row in rows]), state)
        grown = _best(rows, logp, beam)
        if not grown and not finished:
            raise rows[0].written.stuck()
        finished += [row for _, row in grown if row.written.done]
        finished = sorted(finished, key=lambda row: -row.score)[:beam]
        # A log-probability only falls: what is below the last of a full beam cannot come back.
        bar = finished[-1].score if len(finished) == beam else -torch.inf
        kept = [(parent, row) for parent, row in grown if not row.written.done and row.score > bar]
        rows = [row for _, row in kept]
        state = state.select(torch.tensor([parent for parent, _ in kept], dtype=torch.long, device=device))
    return _read(finished)


def _read(finished: Sequence[_Open]) -> list[Hypothesis]:
    """What is a spec of what was written. Raises `GrammarError`, of the likeliest, when nothing is."""
    found, errors = list[Hypothesis](), list[GrammarError]()
    for row in finished:
        try:
            found.append(row.written.finish(row.score))
        except GrammarError as error:
            errors.append(error)
    if errors and not found:
        raise errors[0]
    return found


def _best(rows: Sequence[_Open], logp: Tensor, beam: int) -> list[tuple[int, _Open]]:
    """The `beam` likeliest continuations of all rows, each with the row it continues."""
    total = logp + torch.tensor([row.score for row in rows], device=logp.device)[:, None]
    scores, places = total.flatten().topk(min(beam, total.numel()))
    pairs = [(*divmod(place, total.shape[1]), score) for score, place in zip(scores.tolist(), places.tolist(), strict=True)]
    return [(parent, rows[parent].push(index, score)) for parent, index, score in pairs if score > -torch.inf]


__all__ = ["Hypothesis", "Nodes", "Write", "beam_search", "greedy"]
