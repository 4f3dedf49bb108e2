"""Checkpoints of the Hugging Face Hub."""

from __future__ import annotations

import re
from pathlib import Path

from microgt.errors import CheckpointError

# What a folder of microgt holds; nothing else is downloaded.
PATTERNS = ("*.safetensors", "*.json", "*.onnx", "README.md")
_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def local_copy(place: str | Path, revision: str | None = None) -> Path:
    """The path itself where something is there; else, for text such as `owner/name`, the folder that this Hub repository is kept in.

    revision: branch, tag or commit of the repository. Raises `CheckpointError` when it cannot be had.
    """
    path = Path(place)
    if path.exists() or not isinstance(place, str) or not _REPO.fullmatch(place):
        if revision is not None:
            raise CheckpointError(f"revision={revision!r} is of a Hugging Face repository such as owner/name; {place} is none")
        return path
    missing = f"no checkpoint at {place}, and from the Hugging Face repository of that name it cannot be had"
    try:
        import huggingface_hub
    except ModuleNotFoundError as error:
        raise CheckpointError(f"{missing}: pip install huggingface_hub") from error
    try:
        return Path(huggingface_hub.snapshot_download(place, revision=revision, allow_patterns=list(PATTERNS)))
    except (OSError, ValueError, huggingface_hub.errors.HfHubHTTPError) as error:  # no network, no such repository, no such revision
        raise CheckpointError(f"{missing}: {(str(error).splitlines() or [''])[0]}") from error
