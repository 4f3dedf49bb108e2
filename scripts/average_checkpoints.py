"""Put the mean of two checkpoints' weights into a folder: of one and of what it became by further training (Wortsman et al. 2022, WiSE-FT).

usage: python scripts/average_checkpoints.py FOLDER BEFORE AFTER [--after 0.5]

Both must be of one model; the vocabulary may have grown. What is known of the making is that of AFTER, with the share of each.
"""

from __future__ import annotations

import argparse
import copy
import sys
from pathlib import Path

import torch

from microgt.errors import CheckpointError, MicrogtError
from microgt.model.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from microgt.training.start import load_grown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--after", type=float, default=0.5, dest="share", help="share of AFTER, 0 to 1")
    args = parser.parse_args()
    try:
        before, after = read_checkpoint(args.before), read_checkpoint(args.after)
        made = {"averaged": {"before": before.config.get("git"), "share_of_after": args.share}}
        print(write_checkpoint(args.folder, mean(before, after, args.share), after.lexicon, {**after.config, **made}))
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0


def mean(before: Checkpoint, after: Checkpoint, share: float) -> dict[str, torch.Tensor]:
    """The weights; what is no floating-point number is that of `after`. Raises `CheckpointError` for models that differ.

    Words that `after` has learnt anew are in `before` what it takes unknown words for.
    """
    known, now = (c.lexicon.tokenizer.get_vocab() for c in (before, after))
    if not known.items() <= now.items():
        raise CheckpointError("the checkpoints are not of one vocabulary: train the second with start=THE_FIRST")
    grown = copy.deepcopy(after.model)
    load_grown(grown, before.model.state_dict())
    first, second = grown.state_dict(), after.model.state_dict()
    return {name: torch.lerp(first[name], w, share) if w.is_floating_point() else w for name, w in second.items()}


if __name__ == "__main__":
    sys.exit(main())
