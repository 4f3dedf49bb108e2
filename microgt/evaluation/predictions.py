"""Predictions of any system from a file of JSON lines: `{"id": ..., "prediction": SQL or a spec}`, optionally `confidence` and `seconds`.

A line that cannot be used costs its own question only: where the question is known, the reason becomes the error of its prediction; where
it is not, the line is listed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from microgt.errors import DataError, SpecError
from microgt.evaluation.prediction import NOTHING, Prediction
from microgt.spec import read_spec

LONGEST = 1_000_000  # bytes of one line

Identifier = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value), Field(min_length=1)]


class _Named(BaseModel):
    """The least that a line must say; further keys are ignored."""

    id: Identifier


class _Line(_Named):
    """One line. Without a prediction the system had no answer."""

    prediction: str | dict[str, Any] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


@dataclass(frozen=True)
class PredictionsFile:
    """predictions: at most one for each question. unused: what is wrong with each line that belongs to no question."""

    predictions: tuple[Prediction, ...]
    unused: tuple[str, ...]


def read_predictions(path: str | Path, asked: Collection[str], excluded: Collection[str] = ()) -> PredictionsFile:
    """The predictions for the questions `asked`; those for `excluded` ones are passed over.

    Several lines for one question are an error of that question. Raises `DataError` for a file that cannot be read.
    """
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(f"cannot read the predictions {path}: {error.strerror}") from None
    places: dict[str, list[int]] = {}
    found: dict[str, Prediction] = {}
    unused = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            prediction = _prediction(line)
        except ValidationError as error:
            unused.append(f"line {number}: {_first(error)}")
            continue
        if prediction.id in asked:
            places.setdefault(prediction.id, []).append(number)
            found[prediction.id] = prediction
        elif prediction.id not in excluded:
            unused.append(f"line {number}: no question has the id {prediction.id[:80]!r}")
    twice = {name: f"several predictions: lines {' and '.join(map(str, n))}" for name, n in places.items() if len(n) > 1}
    predictions = (Prediction(name, error=twice[name]) if name in twice else prediction for name, prediction in found.items())
    return PredictionsFile(tuple(predictions), tuple(unused))


def _prediction(raw: bytes) -> Prediction:
    """The prediction of one line. Raises `ValidationError` when the line does not say which question it is for."""
    name = _Named.model_validate_json(raw).id
    if len(raw) > LONGEST:
        return Prediction(name, error=f"a prediction of {len(raw):,} bytes; at most {LONGEST:,} are read")
    try:
        line = _Line.model_validate_json(raw)
    except ValidationError as error:
        return Prediction(name, error=_first(error))
    return _read(line.prediction, Prediction(name, confidence=line.confidence, seconds=line.seconds))


def _read(given: str | dict[str, Any] | None, prediction: Prediction) -> Prediction:
    """The prediction with what was given: a spec, its JSON as text, or SQL."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return replace(prediction, error=NOTHING)
    if isinstance(given, str) and not given.lstrip().startswith("{"):
        return replace(prediction, sql=given)
    try:
        return replace(prediction, spec=read_spec(given))
    except SpecError as error:
        return replace(prediction, error=str(error))


def _first(error: ValidationError) -> str:
    """Where the first mistake is, and what."""
    first = error.errors(include_url=False, include_input=False)[0]
    return ": ".join([*(["/".join(map(str, first["loc"]))] if first["loc"] else []), first["msg"]])
