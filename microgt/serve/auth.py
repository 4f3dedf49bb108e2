"""Who may ask: those with the token, and without one only programs of this machine."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection, Mapping
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from microgt.errors import ConfigError
from microgt.serve.problems import Refusal, told

VARIABLE, NAMED = "MICROGT_TOKEN", "MICROGT_TOKENS"
WHO = "microgt.who"  # in the scope of a request
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OPEN = ("/health", "/health/live", "/")  # for load balancers; they tell no names. And the page, which holds none
FILES = "/ui/"  # of the page
COOKIE = "microgt_token"  # for pages and data of products, which are opened by links


class TokenGate:
    """Requests without `Authorization: Bearer TOKEN` get 401; `OPEN` addresses and `FILES` need none. Who only reads may show a cookie.

    tokens: by the name of who has it, which the request's scope says then; an empty name may do everything.
    """

    def __init__(self, app: ASGIApp, tokens: Mapping[str, str]):
        self._app, self._tokens = app, {who: token.encode() for who, token in tokens.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is allowed."""
        if scope["type"] != "http" or self._is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        scope[WHO] = self._who(Request(scope))
        if scope[WHO] is None:
            message = "this server wants its token: send the header 'Authorization: Bearer TOKEN'"
            refusal = Refusal(401, "E_TOKEN", message, headers={"WWW-Authenticate": "Bearer"})
            await told(scope, refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    @staticmethod
    def _is_open(path: str) -> bool:
        return path in OPEN or path.startswith(FILES)

    def _who(self, request: Request) -> str | None:
        header = request.headers.get("authorization")
        if header is None and request.method == "GET":
            return self._named(unquote_to_bytes(request.cookies.get(COOKIE, "")))
        scheme, _, given = (header or "").partition(" ")
        return self._named(given.strip().encode("latin-1")) if scheme.lower() == "bearer" else None  # headers are Latin-1

    def _named(self, given: bytes) -> str | None:
        # Each is compared, in a time that tells nothing of the token.
        found = [who for who, token in self._tokens.items() if hmac.compare_digest(given, token)]
        return found[0] if found else None


class HostGate:
    """Requests under another host's name get 421: so a web page cannot, by a name of its own for this machine, read what is served here."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]):
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is meant for this host."""
        if scope["type"] == "http" and _name(Headers(scope=scope).get("host", "")) not in self._hosts:
            refusal = Refusal(421, "E_HOST", f"without a token only requests to {', '.join(sorted(self._hosts))} are answered")
            await told(scope, refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class OriginGate:
    """Requests that change something get 403 when the page of another site sends them: a browser says so, other programs say nothing."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what this site's own page, or no page, has sent."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS") and _is_foreign(Headers(scope=scope)):
            refusal = Refusal(403, "E_ORIGIN", "the page of another site has sent this: only this server's own may")
            await told(scope, refusal)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _name(host: str) -> str:
    """A host without its port and the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def named_tokens(text: str) -> dict[str, str]:
    """`ana=TOKEN ben=TOKEN`. Raises `ConfigError`, which does not repeat a token."""
    found: dict[str, str] = {}
    for i, pair in enumerate(text.split(), 1):
        name, _, token = pair.partition("=")
        if not name or not token or name in found:
            raise ConfigError(f"part {i} of {NAMED} is not NAME=TOKEN, with each name once: expected such as 'ana=TOKEN ben=TOKEN'")
        found[name] = token
    return found


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach it. Of other names than `localhost` it is not known."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def refuse_open(host: str, token: object, *, allowed: bool) -> None:
    """Raises `ConfigError` for a host that others reach, without a token, unless that is allowed."""
    if not is_loopback(host) and not token and not allowed:
        raise ConfigError(
            f"{host} can be reached from other machines, and no token is set: set {VARIABLE}, or say --without-token to let anybody ask"
        )
