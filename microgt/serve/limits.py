"""Bodies that are too large or come too slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from microgt.serve.problems import of_http, told

FILE_SECONDS = 300.0


class BodyLimits:
    """A body has at most `size` bytes, else the answer is 413, and is there `seconds` after the request's first line, else it is 408.

    files: sizes of what addresses take that are sent files, for which there are `FILE_SECONDS`.
    """

    def __init__(self, app: ASGIApp, size: int, seconds: float, files: Mapping[str, int]):
        self._app, self._size, self._seconds, self._files = app, size, seconds, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, with a `receive` that counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most, seconds = self._size, self._seconds
        if scope["path"] in self._files:
            most, seconds = self._files[scope["path"]], FILE_SECONDS
        if int(Request(scope).headers.get("content-length", "0")) > most:  # that it is a number the server has checked
            await told(scope, of_http(_too_large(most)))(scope, receive, send)
            return
        end = asyncio.get_running_loop().time() + seconds
        size, complete = 0, False

        async def received() -> Message:
            nonlocal size, complete
            if complete:  # what comes now is the end of the connection, which may well be late
                return await receive()
            try:
                async with asyncio.timeout_at(end):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, f"the body was not there after {seconds:g} s", {"Connection": "close"}) from None
            size += len(message.get("body", b""))
            if size > most:
                raise _too_large(most)
            complete = not message.get("more_body", False)
            return message

        await self._app(scope, received, send)


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"the body has more than {most:,} bytes", {"Connection": "close"})
