"""`microgt export`: a checkpoint in another form."""

from __future__ import annotations

import argparse

from microgt.cli.inputs import add_overrides, overrides_of

EPILOG = """\
format: hf (safetensors in shards, as trained), bf16, int8 (smaller weights), onnx, onnx_int8 (for the runtime without torch: pip install
'microgt[runtime]'), export (programs). Each is loaded back and compared with its origin on the embedded questions before the folder
takes its place; a mismatch is an error, exit status 1.

examples:
  microgt export checkpoint=runs/demo to=exported format=onnx
  microgt export checkpoint=runs/spider to=hub format=hf shard_mb=500 result=runs/spider/result.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Overrides."""
    parser.epilog = EPILOG
    add_overrides(parser)


def run(args: argparse.Namespace) -> int:
    """Export and say how near the copy is."""
    from microgt.config import compose
    from microgt.export.export import export
    from microgt.product.checkpoints import find_checkpoint

    config = compose("export", overrides_of(args))
    compared = export(
        find_checkpoint(config["checkpoint"]),
        config["to"],
        config["format"],
        most=config["shard_mb"] * 1_000_000,
        questions=config["questions"],
        result=config["result"],
        allow=config["packages"],
    )
    print(
        f"{config['to']}: {config['format']}, {compared.same} of {compared.questions} specs the same, "
        f"log-probabilities within {compared.nats:.2g} nats"
    )
    return 0
