#!/usr/bin/env python
"""A training step of the model with relations beside the same model without: nodes a second, and the share of what products reach.

usage: python scripts/bench_training_step.py [--model micro] [--shape 32,64,24] [--repeats 15] [--threads 1] [--out FILE]

A step: forward, loss, backward, AdamW, on a batch of random graphs that are padded to one size. The arms take turns, so that what else
a machine does meets all of them; times are processor time, medians. First of all the two backends must give the same loss.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch.utils.flop_counter import FlopCounterMode

from microgt.build import build
from microgt.commit import git_hash
from microgt.config import compose
from microgt.files import write_text
from microgt.graph import NodeKind
from microgt.model.batch import Batch
from microgt.model.collate import RULES
from microgt.model.loss import ParserLoss
from microgt.model.parser import Parser

ROOT = Path(__file__).parents[1]
# Name -> what is laid over the model's configuration.
ARMS = {
    "none: plain attention": ["model/encoder/attention=plain"],
    "biases": ["model/encoder/attention=bias"],
    "keys and biases (the default)": ["model/encoder/attention=relation"],
    "keys and values": ["model/encoder/attention=keys_values"],
    "keys and biases by the formula": ["model/encoder/attention=relation", "model.encoder.attention.backend=reference"],
}
BASE, DEFAULT, FORMULA = (list(ARMS)[i] for i in (0, 2, 4))
_WARM, _PEAK_SIZE, _PEAK_REPEATS = 2, 1024, 10
_TOKENS, _NGRAMS, _RELATIONS = 400, 8, 50


class Shape(NamedTuple):
    """Graphs of a batch, nodes of the largest, actions of each."""

    graphs: int
    nodes: int
    actions: int


def random_batch(parser: Parser, shape: Shape, seed: int = 0) -> Batch:
    """Graphs of half to all of the nodes, with random tokens, flags and relations."""
    b, n, actions = shape
    source = torch.Generator().manual_seed(seed)

    def below(high: int, *size: int) -> torch.Tensor:
        return torch.randint(high, size, generator=source)

    mask = torch.arange(n) < below(n - n // 2, b, 1) + n // 2 + 1
    return Batch(
        token_ids=below(parser.get_parameter("embedder.tokens.word_table.weight").shape[0], _TOKENS),
        ngram_ids=below(1 << 20, _TOKENS * _NGRAMS),
        ngram_offsets=torch.arange(_TOKENS) * _NGRAMS,
        node_tokens=below(_TOKENS, b * n),
        node_offsets=torch.arange(b * n),
        kinds=below(len(NodeKind), b, n),
        flags=torch.zeros(b, n, parser.embedder.flags.in_features),
        rel=below(_RELATIONS, b, n, n).to(torch.uint8),
        node_mask=mask,
        actions=below(RULES, b, actions),
        slots=torch.zeros(b, actions, dtype=torch.long),
        parents=torch.zeros(b, actions, dtype=torch.long),
        depths=torch.zeros(b, actions, dtype=torch.long),
        legal=torch.ones(b, actions, RULES + n, dtype=torch.bool),
        action_mask=torch.ones(b, actions, dtype=torch.bool),
        used=below(2, b, n).float(),
    )


def model(name: str, overrides: list[str]) -> Parser:
    """A model, its initial weights those of every other arm as far as they share them."""
    torch.manual_seed(0)
    return build(compose("describe", [f"model={name}", *overrides])["model"])


def check(name: str, shape: Shape) -> None:
    """Raises `AssertionError` when the default and the formula differ, in the loss or in a gradient."""
    found = []
    for arm in (DEFAULT, FORMULA):
        parser = model(name, [*ARMS[arm], "size.dropout=0"])
        batch = random_batch(parser, shape)
        loss = ParserLoss()(parser.eval()(batch), batch).total
        weight = parser.get_parameter("encoder.layers.0.attention.project.weight")
        found.append((loss, torch.autograd.grad(loss, weight)[0]))
    torch.testing.assert_close(*found, rtol=1e-3, atol=1e-5)


def make_step(parser: Parser, batch: Batch) -> Callable[[], None]:
    """One training step."""
    optimizer = torch.optim.AdamW(parser.train().parameters(), lr=1e-4, fused=True)
    loss = ParserLoss()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss(parser(batch), batch).total.backward()
        optimizer.step()

    return step


def processor_seconds(call: Callable[[], object]) -> float:
    """Of all threads."""
    start = time.process_time()
    call()
    return time.process_time() - start


def operations(name: str, shape: Shape) -> int:
    """Of the products of a step without relations; with dropout, since torch's counter does not know fused attention on CPUs."""
    parser = model(name, [*ARMS[BASE], "size.dropout=0.1"])
    step = make_step(parser, random_batch(parser, shape))
    with FlopCounterMode(display=False) as counter:
        step()
    return counter.get_total_flops()


def measured(name: str, shape: Shape, dropout: float, repeats: int) -> tuple[dict[str, float], int]:
    """Median seconds of a step for each arm; the nodes of the batch without padding."""
    steps, nodes = {}, 0
    for arm, overrides in ARMS.items():
        parser = model(name, [*overrides, f"size.dropout={dropout}"])
        batch = random_batch(parser, shape)
        steps[arm] = make_step(parser, batch)
        nodes = int(batch.node_mask.sum())
    times: dict[str, list[float]] = {arm: [] for arm in steps}
    for turn in range(_WARM + repeats):
        for arm, step in steps.items():
            seconds = processor_seconds(step)
            if turn >= _WARM:
                times[arm].append(seconds)
    return {arm: statistics.median(found) for arm, found in times.items()}, nodes


def matmul_peak(dtype: torch.dtype = torch.float32) -> float:
    """Operations in a processor second: the best of some products of matrices of this type."""
    a, b = torch.randn(2, _PEAK_SIZE, _PEAK_SIZE, dtype=dtype)
    return 2 * _PEAK_SIZE**3 / min(processor_seconds(lambda: a @ b) for _ in range(_PEAK_REPEATS))


def report(args: argparse.Namespace, shape: Shape) -> str:
    """Measure, and write down as markdown."""
    check(args.model, shape)
    peak, products = matmul_peak(), operations(args.model, shape)
    lines = [
        f"# A training step of `{args.model}`, with relations and without",
        "",
        f"{shape.graphs} graphs of up to {shape.nodes} nodes, {shape.actions} actions each; float32, {args.threads} thread(s), processor",
        f"time, medians of {args.repeats} steps, the arms in turn. Products reach {peak / 1e9:.0f} GFLOP/s. Share of that: the products of",
        "the model without relations, over the time of the arm. Without dropout plain attention is torch's fused one; with dropout it is",
        "not. Losses and gradients of the default and of the formula were compared first.",
        "",
        "| relations | dropout | ms a step | nodes a second | share of products | of the speed without relations |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for dropout in args.dropout:
        medians, nodes = measured(args.model, shape, dropout, args.repeats)
        for arm, seconds in medians.items():
            figures = f"{1000 * seconds:.0f} | {nodes / seconds:,.0f} | {products / seconds / peak:.0%} | {medians[BASE] / seconds:.0%}"
            lines.append(f"| {arm} | {dropout:g} | {figures} |")
    made = f"torch {torch.__version__}, Python {platform.python_version()}, {platform.machine()}, {git_hash() or 'no checkout'}"
    return "\n".join([*lines, "", f"Made by `{' '.join(['python', *sys.argv])}`: {made}.", ""])


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="micro")
    parser.add_argument("--shape", default="32,64,24", metavar="GRAPHS,NODES,ACTIONS")
    parser.add_argument("--dropout", type=float, nargs="+", default=[0.0, 0.12])
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "reports/training_step.md")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    text = report(args, Shape(*map(int, args.shape.split(","))))
    print(text)
    print(write_text(args.out, text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
