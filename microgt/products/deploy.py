"""Deploying, refreshing and prototyping products."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from microgt.errors import ContractBroken, DataError
from microgt.products.contract import Contract
from microgt.products.make import CONTRACT, SPEC, Plan
from microgt.products.manifest import Described
from microgt.products.store import DEPLOYED, Store
from microgt.spec.json import read_spec


@dataclass(frozen=True)
class Kept:
    """number, folder: of the version. broken: what a prototype does not hold."""

    number: int
    folder: Path
    broken: tuple[str, ...] = ()


def deploy(store: Store, plan: Plan, state: str = DEPLOYED) -> Kept:
    """Make a version and keep it. Raises `ContractBroken` when it is to be deployed and breaks its contract: nothing changes then."""
    if plan.name in store.names():
        before = Described.from_manifest(store.manifest(plan.name))
        plan = replace(plan, described=plan.described.over(before))
    made = plan.make(state)
    if made.broken and state == DEPLOYED:
        if plan.name in store.names():
            store.note(plan.name, f"refused: {'; '.join(made.broken)}")
        raise ContractBroken(plan.name, made.broken)
    number = store.add(plan.name, state, made.files, made.manifest)
    return Kept(number, store.folder / plan.name / str(number), made.broken)


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
