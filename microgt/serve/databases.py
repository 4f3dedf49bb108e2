"""The databases that are served, by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from microgt.errors import ConfigError, did_you_mean
from microgt.serve.placing import undo_unfinished
from microgt.serve.problems import Refusal


class Databases:
    """Paths by the name of their file without its endings. Raises `ConfigError` when two have the same name.

    uploads: where files are put that a page sends; each folder in it is a database.
    """

    def __init__(self, paths: Iterable[str | Path], uploads: Path | None = None):
        self.paths: dict[str, Path] = {}
        for path in map(Path, paths):
            name = path.resolve().name.split(".")[0] or path.name
            if name in self.paths:
                raise ConfigError(f"{self.paths[name]} and {path} would both be the database {name!r}: rename one")
            self.paths[name] = path
        self.uploads = uploads
        if uploads:
            undo_unfinished(uploads)
        for folder in sorted(uploads.glob("[!.]*/")) if uploads else ():
            self.paths.setdefault(folder.name, folder)

    def add(self, name: str, path: Path) -> None:
        """Serve one more, or another in its place. Whoever goes through the paths meanwhile sees those there were."""
        self.paths = {**self.paths, name: path}

    def remove(self, name: str) -> None:
        """Serve it no more."""
        self.paths = {other: path for other, path in self.paths.items() if other != name}

    def is_uploaded(self, name: str) -> bool:
        """Whether a page has sent it."""
        return self.uploads is not None and self.paths[name].parent == self.uploads

    def find(self, name: str | None) -> tuple[str, Path]:
        """The name and the path; without a name those of the only one. Raises `Refusal`."""
        if name is None:
            if not self.paths:
                raise Refusal(404, "E_NO_DB", "no database is served yet: send a file to /databases", where="db")
            if len(self.paths) > 1:
                raise Refusal(422, "E_WHICH_DB", "several databases are served: say which", where="db", choices=self.paths)
            name = next(iter(self.paths))
        if name not in self.paths:
            message = f"no database is called {name!r}{did_you_mean(name, self.paths)}"
            raise Refusal(404, "E_UNKNOWN_DB", message, where="db", choices=self.paths)
        return name, self.paths[name]
