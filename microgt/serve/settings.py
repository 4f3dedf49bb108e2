"""What an operator chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from microgt.serve.auth import LOOPBACK


@dataclass(frozen=True)
class Settings:
    """seconds: from a request's arrival to its answer, at most. body: bytes of a request, at most.

    workers: questions that are answered at once, and specs that are run at once beside them. queue: how many more of each may wait.
    hide: ids of columns whose values the model must not see. log: whether questions go to the logs of the databases. token: what a
    request must carry. tokens: others, by the names of those who have them, which products know as owners and readers. hosts: without a
    token, the names under which the server answers; None for any. products: the folder of the products that are shown and deployed; None
    for no such addresses. uploads: the folder that takes files from the page; None to take none. upload: bytes of such a file, at most.
    ui: whether there is a page.
    """

    seconds: float = 30.0
    body: int = 65_536
    workers: int = 2
    queue: int = 32
    hide: tuple[str, ...] = ()
    log: bool = True
    token: str | None = None
    tokens: Mapping[str, str] = field(default_factory=dict)
    hosts: tuple[str, ...] | None = LOOPBACK
    products: Path | None = None
    uploads: Path | None = None
    upload: int = 256 << 20
    ui: bool = False
