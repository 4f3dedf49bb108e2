"""Who sends a request, as the log of a database names them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from microgt.serve.auth import WHO


def who(request: Request) -> str:
    """The name of the sender's token; empty for a server without tokens, or with its one token."""
    return request.scope.get(WHO, "")


Who = Annotated[str, Depends(who)]
