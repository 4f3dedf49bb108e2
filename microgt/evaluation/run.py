"""The results of a run: items, what was left out, figures, and what made them."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version

import microgt
from microgt.commit import git_hash
from microgt.evaluation.results import Excluded, Item, Results
from microgt.evaluation.summary import summarize
from microgt.evaluation.variants import Suites

_PACKAGES = ("duckdb", "sqlglot", "numpy", "pydantic", "torch")


def results_of(
    items: Sequence[Item],
    *,
    data: str,
    split: str,
    checkpoint: str | None = None,
    excluded: Iterable[tuple[str, str]] = (),
    variants: Suites | None = None,
) -> Results:
    """The results of scored items. excluded: (id, reason) of the questions that were left out. variants: on which they were scored."""
    left_out = tuple(Excluded(id=name, reason=reason) for name, reason in excluded)
    return Results(
        microgt=microgt.__version__,
        git=git_hash(),
        versions=versions(),
        data=data,
        split=split,
        checkpoint=checkpoint,
        variants=variants.number if variants else 0,
        seed=variants.seed if variants else 0,
        items=tuple(items),
        excluded=left_out,
        summary=summarize(items, len(left_out)),
    )


def versions() -> dict[str, str]:
    """Python and the installed packages that figures depend on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # torch, in a light install
            continue
    return found
