"""Examples a second of the training data's loader, without a model: read, changed and batched in one process, by the time of its CPU.

    python scripts/bench_loader.py data=spider model=micro

Arguments are those of `microgt train`. The time of the process is taken, not that of the clock: other work on the machine takes no part.
"""

from __future__ import annotations

import resource
import sys
import time

from microgt.build import build
from microgt.config import compose
from microgt.progress import progress
from microgt.training.datamodule import ParserData

BATCHES = 150


def main() -> None:
    """Print seconds until the first batch (from the cache), examples a second after it, and the most memory held."""
    config = compose("train", sys.argv[1:])
    training = config["training"]
    began = time.process_time()
    data = ParserData(
        build(config["data"]["source"]),
        shares=config["data"]["shares"],
        batch_size=training["batch_size"],
        seed=config["seed"],
        augment=build(training["augment"]),
    )
    data.prepare(progress)
    batches = iter(data.train_dataloader())
    next(batches)
    ready = time.process_time()
    examples = sum(len(next(batches)) for _ in range(BATCHES))
    taken = time.process_time() - ready
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"ready after {ready - began:.1f} s, {examples / taken:,.0f} examples/s, at most {memory:,.0f} MB")


if __name__ == "__main__":
    main()
