"""Deploying, refreshing, prototyping and promoting products."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from microgt.audit.events import Deployed
from microgt.audit.log import fault_of, log_of, user
from microgt.errors import ContractBroken, DataError
from microgt.products.make import SPEC, SQL, Plan
from microgt.products.manifest import Described
from microgt.products.promised import Earlier
from microgt.products.store import DEPLOYED, Store
from microgt.products.uses import EDIT, note_use
from microgt.spec.json import read_spec


@dataclass(frozen=True)
class Kept:
    """number, folder: of the version. broken: what a prototype does not hold. lost: what is no longer checked, for want of its columns.
    fault: why the log of the database does not have it."""

    number: int
    folder: Path
    broken: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    fault: str | None = None


def deploy(store: Store, plan: Plan, state: str = DEPLOYED, *, by: str = "", anew: bool = False) -> Kept:
    """Make a version and keep it. The same spec as before is held to what it promised; another one to the checks that somebody asked for.
    by: who does it, by default who runs this process. anew: nothing that was promised before is held.

    Raises `ContractBroken` when it is to be deployed and breaks its contract: nothing changes then.
    """
    earlier = _earlier(store, plan.name)
    if earlier:
        described = plan.described.over(Described.from_manifest(earlier.manifest))
        plan = replace(plan, described=described, earlier=None if anew else earlier)
    made = plan.make(state)
    if made.broken and state == DEPLOYED:
        if earlier:
            store.note(plan.name, f"refused: {'; '.join(made.broken)}")
        raise ContractBroken(plan.name, made.broken)
    edited = earlier and not earlier.shows(plan.spec)
    number = store.add(plan.name, state, made.files, made.manifest)
    if made.lost:
        store.note(plan.name, f"version {number} does not have the columns of: {'; '.join(made.lost)}")
    if edited:
        note_use(store, plan.name, EDIT)
    fault = _logged(store, plan.name, number, state, by)
    return Kept(number, store.folder / plan.name / str(number), made.broken, made.lost, fault)


def again(store: Store, name: str, described: Described, state: str = DEPLOYED, *, by: str = "", anew: bool = False) -> Kept:
    """The same spec on the data as they are now; what the version before promised must hold. Arguments and errors as of `deploy`."""
    folder, manifest = store.version(name), store.manifest(name)
    try:
        spec = read_spec((folder / SPEC).read_text(encoding="utf-8"))
        source, as_of = Path(manifest["source"]["path"]), manifest["as_of"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder} cannot be read: {error}") from None
    plan = Plan(name, source, spec, described, as_of=date.fromisoformat(as_of) if as_of else None)
    return deploy(store, plan, state, by=by, anew=anew)


def promote(store: Store, name: str, number: int, *, by: str = "") -> Kept:
    """Deploy a prototype as it is kept. Raises `ContractBroken` when it breaks its contract, `ConfigError` when there is no such one."""
    broken = tuple(store.manifest(name, number).get("broken", ()))
    if broken:
        raise ContractBroken(name, broken)
    store.promote(name, number, by or user())
    return Kept(number, store.folder / name / str(number), fault=_logged(store, name, number, DEPLOYED, by))


def _earlier(store: Store, name: str) -> Earlier | None:
    return Earlier(store.version(name), store.manifest(name)) if name in store.names() else None


def _logged(store: Store, name: str, number: int, state: str, by: str) -> str | None:
    """Write into the log of the database that the version is kept; why that could not be done, None when it was."""
    folder, source = store.version(name, number), store.manifest(name, number)["source"]
    event = Deployed(
        product=name,
        place=str(store.folder.resolve()),
        version=number,
        state=state,
        spec=json.loads((folder / SPEC).read_text(encoding="utf-8")),
        sql=(folder / SQL).read_text(encoding="utf-8").strip(),
        data_version=source["data_version"],
        by=by or user(),
    )
    return fault_of(log_of(source["path"]), event)
