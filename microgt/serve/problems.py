"""Every error in one shape, whoever finds it: `Problem` as JSON, under the status that fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from microgt.errors import ContractBroken, DataError, EngineError, MicrogtError, QueryTimeout, SpecError

MOST_CHOICES = 100  # a schema may have ten thousand columns


class Problem(BaseModel):
    """Why there is no answer."""

    code: str = Field(description="a stable name, such as E_UNKNOWN_ID")
    message: str = Field(description="what is wrong, in words")
    where: str = Field(description="a JSON pointer into the request's body, or the name of a parameter; empty when it is the whole request")
    choices: list[str] = Field(description="what would have been accepted, nearest first; empty when that cannot be listed")


class Refusal(Exception):
    """A request that gets a problem for an answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        where: str = "",
        choices: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(message)
        self.status, self.code, self.where, self.choices, self.headers = status, code, where, tuple(choices), headers

    @property
    def problem(self) -> Problem:
        """What is told."""
        return Problem(code=self.code, message=str(self), where=self.where, choices=list(self.choices[:MOST_CHOICES]))

    @property
    def response(self) -> Response:
        """The answer to send."""
        text = json.dumps(self.problem.model_dump(), ensure_ascii=False)
        # What was sent may stand in the message, half a character (a lone surrogate) too: JSON can escape it, UTF-8 has no place for it.
        body = text.encode("utf-8", "backslashreplace")
        return Response(body, self.status, self.headers, media_type="application/json")


_STATUS: tuple[tuple[type[MicrogtError], int, str], ...] = (
    (QueryTimeout, 504, "E_TIMEOUT"),
    (ContractBroken, 409, "E_CONTRACT"),
    (EngineError, 422, "E_ENGINE"),
    (DataError, 503, "E_DATABASE"),
    (MicrogtError, 422, "E_INPUT"),
)
_HTTP = {400: "E_BODY", 404: "E_NOT_FOUND", 405: "E_METHOD", 408: "E_SLOW_BODY", 413: "E_TOO_LARGE"}
_MEANING = {
    400: "The body cannot be read",
    401: "The token is missing or wrong",
    403: "The page of another site has sent it, or it is for the owner of a product to do",
    404: "No such database or product",
    408: "The body came too slowly",
    409: "Something of that name is there already, or a product would break its contract",
    413: "The body is too large",
    421: "The request was meant for another host",
    422: "The request, or the spec in it, is not right",
    503: "Too many requests are waiting, or the database cannot be opened",
    504: "No answer in time",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {status: {"model": Problem, "description": text} for status, text in _MEANING.items()}


def refusal_of(error: MicrogtError) -> Refusal:
    """An error of microgt as an answer."""
    if isinstance(error, SpecError):
        return Refusal(422, error.code, message_of(error), where=error.place, choices=error.choices)
    status, code = next((status, code) for kind, status, code in _STATUS if isinstance(error, kind))
    return Refusal(status, code, str(error))


def message_of(error: SpecError) -> str:
    """Its text without code and place, which a problem has beside it."""
    said = f" at {error.place}" if error.place else ""
    return str(error).removeprefix(f"{error.code}{said}: ")


def placed_below(place: str, error: SpecError) -> SpecError:
    """The error of a spec that stands at a place in the body."""
    return SpecError(error.code, message_of(error), place=place + error.place, given=error.given, choices=error.choices)


def of_validation(error: RequestValidationError) -> Refusal:
    """The first mistake in a request."""
    first: Any = error.errors()[0]
    part, *steps = first["loc"]
    if first["type"] == "json_invalid":
        return Refusal(422, "E_JSON", f"not JSON: {first['ctx']['error']} (character {steps[0]})")
    where = "".join(f"/{step}" for step in steps) if part == "body" else str(steps[0] if steps else part)
    return Refusal(422, "E_REQUEST", first["msg"], where=where, choices=_expected(first))


def _expected(mistake: Mapping[str, Any]) -> Sequence[str]:
    expected = mistake.get("ctx", {}).get("expected", "")
    return [part.strip("'") for part in expected.replace(" or ", ", ").split(", ")] if mistake["type"] == "literal_error" else ()


def of_http(error: HTTPException) -> Refusal:
    """What the framework refuses: an unknown address, a method, a body that cannot be read."""
    status = error.status_code
    return Refusal(status, _HTTP.get(status, "E_HTTP"), str(error.detail or HTTPStatus(status).phrase), headers=error.headers)


def told(scope: MutableMapping[str, Any], refusal: Refusal) -> Response:
    """The answer, noted in the request's scope for the metrics."""
    scope["problem"] = refusal.code
    return refusal.response


def answer_problems(app: FastAPI) -> None:
    """Let `app` answer every error as a problem."""

    @app.exception_handler(Refusal)
    async def _(request: Request, error: Refusal) -> Response:
        return told(request.scope, error)

    @app.exception_handler(MicrogtError)
    async def _(request: Request, error: MicrogtError) -> Response:
        return told(request.scope, refusal_of(error))

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        return told(request.scope, of_validation(error))

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        return told(request.scope, of_http(error))

    @app.exception_handler(Exception)
    async def _(request: Request, error: Exception) -> Response:
        return Refusal(500, "E_INTERNAL", "a fault of the server: its log says more").response
