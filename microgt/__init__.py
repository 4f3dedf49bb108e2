"""microgt: small graph transformers that turn questions into typed, executable specs.

The data flow, one package a stage: schema -> graph -> model -> spec -> engine -> evaluation, product, training.
Only light modules are imported here; `load` imports torch or onnxruntime when it is called.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("microgt")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"


def load(checkpoint, allow=(), revision=None):
    """Load a checkpoint and return a `microgt.product.Asker` with `.ask(db, question)`.

    checkpoint: a directory, of training or of `microgt export` (ONNX runs without torch), a Lightning .ckpt, or a repository of the
    Hugging Face Hub such as `owner/name`, of which `revision` names a branch, tag or commit.
    allow: names of packages of your own that the model may be built of; no other code runs.

    Raises `CheckpointError` when there is no readable checkpoint.
    """
    from microgt.model.hub import local_copy
    from microgt.product.asker import Asker

    return Asker.from_checkpoint(local_copy(checkpoint, revision), allow=allow)


__all__ = ["__version__", "load"]
