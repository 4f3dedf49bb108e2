"""A folder that `microgt export format=onnx` made, at work in onnxruntime, without torch.

    encoder.onnx decoder_step.onnx    the two functions (`names.py`)
    config.json                       as of a checkpoint, with the SHA-256 of each file
    tokenizer.json                    the vocabulary
    ranker.json                       as of a checkpoint; only where it has one

Nothing in it is executed but ONNX's own operators: no library of operators is ever loaded, and no file outside of the folder is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from microgt.errors import CheckpointError
from microgt.model.exported.names import ENCODED, ENCODER, READ, STEP, STEP_INPUTS, STEP_OUTPUTS
from microgt.model.exported.proposer import ExportedProposer, allowed_rules
from microgt.model.exported.stepper import Arrays, Function, Functions, empty
from microgt.model.lexicon import Lexicon
from microgt.model.making import check_files, read_config
from microgt.model.ranked import read_ranking
from microgt.spec.grammar import GRAMMAR

FILES = (f"{ENCODER}.onnx", f"{STEP}.onnx", "tokenizer.json")


def load_onnx(path: str | Path, *, beam: int = 5, threads: int = 1) -> ExportedProposer:
    """From a folder. threads: of each step; the products are small, more threads mostly wait for each other.

    Raises `CheckpointError` for a folder that is damaged, of another version or grammar, or no export. Needs the extra `runtime`.
    """
    path = Path(path)
    config = read_config(path, path)
    check_grammar(path, config)
    files = config.get("files")
    check_files(path, path, files)
    missing = [name for name in FILES if name not in files]  # type: ignore[operator]  # `check_files` wants a dictionary
    if missing:
        raise CheckpointError(f"{path}: its config.json has no hash of {', '.join(missing)}")
    lexicon = Lexicon.load(path / "tokenizer.json")
    encoder, step = (_session(path, name, threads) for name in FILES[:2])
    ranking = read_ranking(path, path, config)
    return ExportedProposer(_functions(path, encoder, step, config), lexicon, config, beam=beam, ranking=ranking)


def check_grammar(path: Path, config: dict[str, Any]) -> None:
    """An exported graph has its rules built in. Raises `CheckpointError` when today's are others."""
    if config.get("rules") != list(GRAMMAR.rules) or config.get("slots") != list(GRAMMAR.slots):
        raise CheckpointError(
            f"{path} was exported with another grammar (version {config.get('grammar_version')}): export its checkpoint again"
        )


def _session(path: Path, name: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4  # what goes wrong is raised
    try:
        return onnxruntime.InferenceSession((path / name).read_bytes(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises many kinds
        raise CheckpointError(f"{path} is damaged: {name}: {_first_line(error)}") from error


def _functions(path: Path, encoder: Any, step: Any, config: dict[str, Any]) -> Functions:
    _check_names(path, encoder, FILES[0], list(READ), list(ENCODED))
    _check_names(path, step, FILES[1], list(STEP_INPUTS), list(STEP_OUTPUTS))
    _check_shapes(path, encoder, step)
    past = empty(step.get_inputs()[STEP_INPUTS.index("past")].shape)
    return Functions(_caller(path, encoder, READ), _caller(path, step, STEP_INPUTS), past, allowed_rules(config))


def _check_names(path: Path, session: Any, name: str, inputs: list[str], outputs: list[str]) -> None:
    found = ([i.name for i in session.get_inputs()], [o.name for o in session.get_outputs()])
    if found != (inputs, outputs):
        raise CheckpointError(f"{path}: {name} is no model of microgt: it takes {', '.join(found[0])} and gives {', '.join(found[1])}")


def _check_shapes(path: Path, encoder: Any, step: Any) -> None:
    """What the encoder gives must fit what the step takes, where sizes are fixed."""
    wanted = {i.name: i.shape for i in step.get_inputs()}
    for output in encoder.get_outputs():
        pairs = zip(output.shape, wanted[output.name], strict=False)
        sizes = [(a, b) for a, b in pairs if isinstance(a, int) and isinstance(b, int) and a != b]
        if len(output.shape) != len(wanted[output.name]) or sizes:
            shapes = f"{output.shape} and {wanted[output.name]}"
            raise CheckpointError(f"{path}: {FILES[0]} and {FILES[1]} do not fit each other: {output.name} has shapes {shapes}")


def _caller(path: Path, session: Any, names: Any) -> Function:
    def call(arrays: Arrays) -> list[np.ndarray]:
        try:
            return session.run(None, {name: arrays[name] for name in names})
        except Exception as error:  # onnxruntime raises many kinds
            raise CheckpointError(f"{path} cannot be computed: {_first_line(error)}") from error

    return call


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
