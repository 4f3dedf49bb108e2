"""microgt: small graph transformers that turn questions into typed, executable specs.

The data flow, one package a stage: schema -> graph -> model -> spec -> engine -> evaluation, product, training.
Only light modules are imported here; `load` imports torch when it is called.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("microgt")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"


def load(checkpoint, allow=()):
    """Load a checkpoint directory (or Lightning .ckpt) and return a `microgt.product.Asker` with `.ask(db, question)`.

    allow: names of packages of your own that the model may be built of; no other code runs.

    Raises `CheckpointError` when the path does not hold a readable checkpoint.
    """
    from microgt.product.asker import Asker

    return Asker.from_checkpoint(checkpoint, allow=allow)


__all__ = ["__version__", "load"]
