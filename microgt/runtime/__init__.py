"""Answers without torch: `pip install 'microgt[runtime]'`, and a folder that `microgt export format=onnx` made.

from microgt.runtime import Answerer

with Answerer("exported") as answerer:
    print(answerer.ask("shop.duckdb", "Total amount by region").rows)
"""

from __future__ import annotations

from pathlib import Path

from microgt.engine.duckdb import Limits
from microgt.model.exported.onnx import load_onnx
from microgt.product.asker import Asker


class Answerer(Asker):
    """An `Asker` whose model runs in onnxruntime. beam: readings that are tried. threads: of the model. Others as of `Asker`.

    Raises `CheckpointError` for a folder that is damaged, of another version or no export.
    """

    def __init__(self, folder: str | Path, *, beam: int = 5, threads: int = 1, limits: Limits | None = None, hide: tuple[str, ...] = ()):
        proposer = load_onnx(folder, beam=beam, threads=threads)
        super().__init__(proposer, limits=limits, hide=hide, threshold=proposer.threshold, ranking=proposer.ranking)


__all__ = ["Answerer"]
