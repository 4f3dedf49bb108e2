"""Put several checkpoints into one folder, whose readings are those that they find likeliest together (`microgt.model.ensemble`).

usage: python scripts/make_ensemble.py FOLDER CHECKPOINT CHECKPOINT...

The folder is asked, evaluated and ranked as any checkpoint: microgt evaluate checkpoint=FOLDER, scripts/learn_ranking.py FOLDER.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from microgt.errors import MicrogtError
from microgt.model.ensemble import write_ensemble
from microgt.model.loading import load_proposer
from microgt.model.making import inner_folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("members", type=Path, nargs="+", metavar="CHECKPOINT")
    args = parser.parse_args()
    try:
        for member in args.members:
            load_proposer(member)
        print(write_ensemble(args.folder, [inner_folder(member) for member in args.members]))
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
