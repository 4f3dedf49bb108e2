"""Put the mean of two checkpoints' weights into a folder: of one and of what it became by further training (Wortsman et al. 2022, WiSE-FT).

usage: python scripts/average_checkpoints.py FOLDER BEFORE AFTER [--after 0.5]

Both must be of the same model and vocabulary. What is known of the making is that of AFTER, with the share of each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from microgt.errors import CheckpointError, MicrogtError
from microgt.model.checkpoint import Checkpoint, read_checkpoint, write_checkpoint


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
    """The weights; what is no floating-point number is that of `after`. Raises `CheckpointError` for models that differ."""
    first, second = before.model.state_dict(), after.model.state_dict()
    shapes = [{name: weight.shape for name, weight in weights.items()} for weights in (first, second)]
    if shapes[0] != shapes[1] or before.lexicon.to_json() != after.lexicon.to_json():
        raise CheckpointError("the checkpoints are not of one model and vocabulary: train the second with start=THE_FIRST")
    return {name: torch.lerp(first[name], w, share) if w.is_floating_point() else w for name, w in second.items()}


if __name__ == "__main__":
    sys.exit(main())
