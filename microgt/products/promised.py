"""What a version promises: what the version before did when it shows the same, else what its own rows show and people have asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microgt.engine.result import ResultTable
from microgt.errors import DataError, SpecError
from microgt.product.forecast import answer_in, asked_for
from microgt.product.reach import completed
from microgt.product.run import Ran
from microgt.products.contract import Check, Contract, columns_in, contract_of
from microgt.spec.json import read_spec
from microgt.spec.types import Answer, Edit, Select
from microgt.spec.walk import has_measure, is_grouped

SPEC, CONTRACT = "spec.json", "contract.json"


@dataclass(frozen=True)
class Earlier:
    """The version before. folder: of its files."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def contract(self) -> Contract | None:
        """What it promised, and as many forecasts as it had; a draft promises nothing. Raises `DataError`."""
        file = self.folder / CONTRACT
        if not file.exists():
            return None
        try:
            found = Contract.model_validate_json(file.read_bytes())
        except (OSError, ValueError) as error:
            raise DataError(f"{file} cannot be read: {error}") from None
        had = len((self.manifest.get("forecast") or {}).get("series", ()))
        return found.model_copy(update={"series": max(found.series, had)})

    def shows(self, spec: Answer | Edit) -> bool:
        """Is that its spec? One that cannot be read any more is another."""
        with suppress(OSError, ValueError, SpecError):
            before = read_spec((self.folder / SPEC).read_text(encoding="utf-8"))
            return isinstance(before, Answer | Edit) and _whole(answer_in(before)) == _whole(answer_in(spec))
        return False


def promised(ran: Ran, earlier: Earlier | None, checks: tuple[Check, ...]) -> tuple[Contract, tuple[Check, ...]]:
    """The contract of a version with these checks; and the checks of the version before that its columns leave no room for.
    Raises `ConfigError` for a check of a column that there is not."""
    before = earlier.contract if earlier else None
    if earlier and before and earlier.shows(ran.spec):
        return before.with_checks(checks), ()
    asked = before.asked if before else ()
    carried = tuple(check for check in asked if columns_in(check) <= set(ran.table.columns))
    added = tuple(check for check in checks if check not in carried)
    series = len(ran.forecast.found) if ran.forecast else 0
    contract = contract_of(ran.table, _keys(ran.spec, ran.table), (*carried, *added), series)
    return contract, tuple(check for check in asked if check not in carried)


def _whole(answer: Answer) -> Answer:
    """The past of a forecast without the period that has only begun, whether or not there was one when it was run."""
    asked, query = asked_for(answer), answer.query
    return answer.model_copy(update={"query": completed(query, asked.by)}) if asked and isinstance(query, Select) else answer


def _keys(spec: Answer | Edit, table: ResultTable) -> tuple[str, ...]:
    """The columns that tell groups apart, when all of them are shown."""
    query = answer_in(spec).query
    if not isinstance(query, Select) or not is_grouped(query) or query.by or len(query.outputs) != len(table.columns):
        return ()
    return tuple(name for name, output in zip(table.columns, query.outputs, strict=True) if not has_measure(output))
