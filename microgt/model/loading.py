"""A checkpoint, in whichever form it comes, ready to propose specs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from microgt.errors import CheckpointError
from microgt.model.ensemble import is_ensemble, load_ensemble
from microgt.model.exported.names import ENCODER
from microgt.model.proposer import Proposer


def load_proposer(path: str | Path, *, beam: int = 5, allow: Sequence[str] = ()) -> Proposer:
    """From a checkpoint directory or a Lightning .ckpt in torch, from an export in ONNX without it, or several of them as an ensemble.

    allow: packages of the user's own whose code a checkpoint may run. Raises `CheckpointError`; `ModuleNotFoundError` without the
    extra `train`, or `runtime` for ONNX.
    """
    path = Path(path)
    if (path / f"{ENCODER}.onnx").is_file():
        from microgt.model.exported.onnx import load_onnx

        return load_onnx(path, beam=beam)
    if (path / f"{ENCODER}.pt2").is_file():
        raise CheckpointError(
            f"{path} holds torch.export programs, which microgt does not load: reading them can run code. Export with format=onnx or hf, "
            "or use torch.export.load if you trust where they come from"
        )
    if is_ensemble(path):
        return load_ensemble(path, lambda member: load_proposer(member, beam=beam, allow=allow), beam=beam)
    from microgt.model.predictor import Predictor

    return Predictor.load(path, beam=beam, allow=allow)
