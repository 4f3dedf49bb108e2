"""Files and folders that are complete or not there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microgt.errors import DataError


def write_text(path: Path, text: str) -> Path:
    """Write a UTF-8 file through a temporary one beside it."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a file through a temporary one beside it, making its folder. Raises `DataError` when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path


@contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder to fill; when the block ends well it takes the place of `folder`, and what stood there goes last.

    Others may read what is in it. Raises `DataError` when it cannot be made.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".writing-"))
    except OSError as error:
        raise DataError(f"cannot write {folder}: {error.strerror}") from None
    try:
        yield temporary
        for path in temporary.iterdir():
            path.chmod(0o755 if path.is_dir() else 0o644)
        temporary.chmod(0o755)
        _put_in_place(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename; what stood there comes back when that fails."""
    if not folder.is_dir():
        temporary.rename(folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".old-"))
    folder.rename(old / "before")
    try:
        temporary.rename(folder)
    except BaseException:
        (old / "before").rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
