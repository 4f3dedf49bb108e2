"""Deploying, refreshing and prototyping products."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from microgt.audit.events import Deployed
from microgt.audit.log import fault_of, log_of, user
from microgt.errors import ContractBroken, DataError
from microgt.products.contract import Contract
from microgt.products.make import CONTRACT, SPEC, SQL, Made, Plan, spec_file
from microgt.products.manifest import Described
from microgt.products.store import DEPLOYED, Store
from microgt.products.uses import EDIT, note_use
from microgt.spec.json import read_spec


@dataclass(frozen=True)
class Kept:
    """number, folder: of the version. broken: what a prototype does not hold. fault: why the log of the database does not have it."""

    number: int
    folder: Path
    broken: tuple[str, ...] = ()
    fault: str | None = None


def deploy(store: Store, plan: Plan, state: str = DEPLOYED) -> Kept:
    """Make a version and keep it. Raises `ContractBroken` when it is to be deployed and breaks its contract: nothing changes then."""
    is_known = plan.name in store.names()
    if is_known:
        before = Described.from_manifest(store.manifest(plan.name))
        plan = replace(plan, described=plan.described.over(before))
    made = plan.make(state)
    if made.broken and state == DEPLOYED:
        if is_known:
            store.note(plan.name, f"refused: {'; '.join(made.broken)}")
        raise ContractBroken(plan.name, made.broken)
    edited = is_known and _shows_other(store.version(plan.name) / SPEC, plan, made)
    number = store.add(plan.name, state, made.files, made.manifest)
    if edited:
        note_use(store, plan.name, EDIT)
    fault = fault_of(log_of(plan.source), _deployed(plan, store, state, number, made))
    return Kept(number, store.folder / plan.name / str(number), made.broken, fault)


def again(store: Store, name: str, described: Described, state: str = DEPLOYED) -> Kept:
    """The same spec on the data as they are now; what the version before promised must hold. Raises as `deploy`."""
    folder, manifest = store.version(name), store.manifest(name)
    contract = folder / CONTRACT
    try:
        spec = read_spec((folder / SPEC).read_text(encoding="utf-8"))
        promised = Contract.model_validate_json(contract.read_text(encoding="utf-8")) if contract.exists() else None
        source, as_of = Path(manifest["source"]["path"]), manifest["as_of"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder} cannot be read: {error}") from None
    plan = Plan(name, source, spec, described, promised, as_of=date.fromisoformat(as_of) if as_of else None)
    return deploy(store, plan, state)


def _shows_other(before: Path, plan: Plan, made: Made) -> bool:
    """Is the spec another than the one before? That of a forecast is kept as it was run, of complete periods."""
    return not before.exists() or before.read_bytes() not in (made.files[SPEC], spec_file(plan.spec))


def _deployed(plan: Plan, store: Store, state: str, number: int, made: Made) -> Deployed:
    return Deployed(
        product=plan.name,
        place=str(store.folder.resolve()),
        version=number,
        state=state,
        spec=json.loads(made.files[SPEC]),
        sql=made.files[SQL].decode().strip(),
        data_version=made.manifest["source"]["data_version"],
        by=user(),
    )
