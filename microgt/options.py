"""What the configurations of `configs/*.yaml` hold besides objects: types and bounds. Groups of objects are checked by `config.py`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

# `name=2024` is a number to Hydra and a name to people.
Name = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) in (int, float) else value), Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Group = dict[str, Any]


class Options(BaseModel):
    """Nothing is converted, whatever else stands in a configuration is left as it is."""

    model_config = ConfigDict(strict=True, extra="allow")


class Training(Options):
    """The group `training`. steps, examples, flops: the budget, at most one of them. minutes: a deadline or null."""

    batch_size: PositiveInt
    accumulate: PositiveInt
    steps: PositiveInt | None
    examples: PositiveInt | None
    flops: PositiveFloat | None
    minutes: PositiveFloat | None
    lr: PositiveFloat
    warmup: NonNegativeInt
    weight_decay: NonNegativeFloat
    clip: PositiveFloat
    ema: Annotated[float, Field(ge=0, lt=1)]
    checkpoint_every: PositiveInt
    validate_every: PositiveInt | None
    schedule: Group = {"_target_": "microgt.training.schedule.warmup_cosine", "_partial_": True}
    augment: Group | None
    loss: Group


class Trainer(Options):
    """The group `trainer`: arguments of Lightning's Trainer."""

    max_steps: PositiveInt | None


class Data(Options):
    """The group `data`. shares: split -> how much of it each epoch draws, 0: not read. validation: the split on which choices are made."""

    source: Group
    shares: dict[str, NonNegativeFloat]
    validation: Name | None


class TrainOptions(Options):
    """`microgt train` and `microgt demo`. packages: the user's own code that targets may name. start: a checkpoint to go on from."""

    packages: list[Name]
    seed: NonNegativeInt
    name: Name
    runs: Name
    resume: str | None
    start: str | None = None
    evaluate: Name | None
    trainer: Trainer
    training: Training
    data: Data
    model: Group
    machine: Group
    logger: Group
    launcher: Group


class Measure(Options):
    """Questions that both checkpoints of `adapt` or `learn` answer. limit: a sample. decides: whether to be better there counts."""

    split: Name
    limit: PositiveInt | None
    decides: bool


class FurtherOptions(TrainOptions):
    """`microgt adapt` and `learn`. beam: of the answers that are compared."""

    checkpoint: Name | None
    beam: PositiveInt
    measures: dict[str, Measure]


class AdaptOptions(FurtherOptions):
    """`microgt adapt`. to: the folder to make."""

    to: Name


class LearnOptions(FurtherOptions):
    """`microgt learn`, which has a folder for each database."""

    to: None


class EvaluateOptions(Options):
    """`microgt evaluate`."""

    packages: list[Name]
    checkpoint: Name | None
    predictions: Name | None
    dialect: Literal["duckdb", "sqlite"]
    only_predicted: bool
    split: Name | None
    beam: PositiveInt
    limit: PositiveInt | None
    workers: PositiveInt | None
    fail_under: Share | None
    max_regression: Name | None
    out: Name | None
    junit: Name | None
    markdown: Name | None
    html: Name | None
    report: Name | None
    data: Data
    robustness: Group


class ExportOptions(Options):
    """`microgt export`. shard_mb: of a file of weights. questions: how many embedded ones are compared; None: all."""

    packages: list[Name]
    checkpoint: Name | None
    to: Name
    format: Name
    shard_mb: PositiveInt
    questions: PositiveInt | None
    result: Name | None


class AblateOptions(Options):
    """`microgt ablate`."""

    packages: list[Name]
    checkpoint: Name | None
    what: Literal["head", "layer", "relation"]
    split: Name | None
    limit: PositiveInt | None
    out: Name
    data: Data


class Text(Options):
    """A question as text: tokens of the prompt and of the answer."""

    prompt: PositiveInt
    answer: PositiveInt


class DescribeOptions(Options):
    """`microgt describe`."""

    packages: list[Name]
    nodes: PositiveInt
    actions: PositiveInt
    text: Text
    model: Group


class PlanOptions(Options):
    """`microgt plan`. utilisation: share of the GPUs' peak. examples, tokens: what is read, at most one of them."""

    packages: list[Name]
    gpus: PositiveInt
    batch: PositiveInt
    nodes: PositiveInt
    actions: PositiveInt
    utilisation: Annotated[float, Field(gt=0, le=1)]
    examples: PositiveInt | None
    tokens: PositiveInt | None
    model: Group
    gpu: Group
    machine: Group


OPTIONS: dict[str, type[Options]] = {
    "train": TrainOptions,
    "demo": TrainOptions,
    "adapt": AdaptOptions,
    "learn": LearnOptions,
    "evaluate": EvaluateOptions,
    "ablate": AblateOptions,
    "export": ExportOptions,
    "describe": DescribeOptions,
    "plan": PlanOptions,
}
