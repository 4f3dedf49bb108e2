"""Push an exported folder to the Hugging Face Hub: `python scripts/push_to_hub.py exported owner/name [--private]`.

Needs `pip install huggingface_hub` and a token (`hf auth login`, or HF_TOKEN). The folder is loaded first, so that nothing damaged is
pushed; its README.md is the model card. Anyone then answers with `microgt.load("owner/name")`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from microgt.errors import MicrogtError
from microgt.model.hub import PATTERNS
from microgt.model.loading import load_proposer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("repo", metavar="OWNER/NAME")
    parser.add_argument("--private", action="store_true")
    args = parser.parse_args()
    try:
        load_proposer(args.folder)
    except MicrogtError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    from huggingface_hub import HfApi

    api = HfApi()
    api.create_repo(args.repo, private=args.private, exist_ok=True)
    print(api.upload_folder(repo_id=args.repo, folder_path=args.folder, allow_patterns=list(PATTERNS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
