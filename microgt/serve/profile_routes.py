"""What a database can and cannot bear, before anything is asked.

`GET /profile?db=` -> `ProfileOut`: as `microgt profile` says it, in sentences. It looks at all rows, once for each state of the data; what
is not done after `PROFILE_SECONDS` ends, and is begun anew when it is asked for again.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from pydantic import BaseModel, Field

from microgt.profile import Profile, Table
from microgt.profile.words import about, joined
from microgt.serve.desk import Desk
from microgt.serve.problems import PROBLEMS
from microgt.serve.profiler import profile_within
from microgt.serve.service import PROFILE_SECONDS, Service


class TableProfile(BaseModel):
    """A table."""

    name: str
    rows: int
    columns: int = Field(description="how many")
    bears: list[str] = Field(description="analyses that it bears")
    lacks: list[str] = Field(description="analyses that it does not bear, with the reason")
    about: list[str] = Field(description="its keys, duplicates and dates")
    beware: list[str] = Field(description="columns with something to beware of, and what")


class ProfileOut(BaseModel):
    """A database before it is used."""

    db: str
    data_version: str
    tables: list[TableProfile]
    joins: list[str]
    skipped: list[str] = Field(description="what could not be found out, and why")


def profile_routes(service: Service) -> APIRouter:
    """`/profile`."""
    routes = APIRouter(tags=["databases"], responses=PROBLEMS)
    known: dict[str, ProfileOut] = {}

    def looked_at(name: str, path: Path, desk: Desk) -> ProfileOut:
        if name not in known or known[name].data_version != desk.database(path).version:
            known[name] = _told(name, profile_within(path, desk.watch.left))
        return known[name]

    @routes.get("/profile")
    async def profiled(db: str | None = None) -> ProfileOut:
        """Which analyses the data can and cannot bear, and what else is to be known of them."""
        name, path = service.databases.find(db)
        return await service.profiles.do(lambda desk: looked_at(name, path, desk), PROFILE_SECONDS)

    return routes


def _told(name: str, found: Profile) -> ProfileOut:
    return ProfileOut(
        db=name,
        data_version=found.data_version,
        tables=[_table(table) for table in found.tables],
        joins=[joined(join) for join in found.joins],
        skipped=list(found.skipped),
    )


def _table(table: Table) -> TableProfile:
    beware = [f"{column.name}: {'; '.join(column.notes)}" for column in table.columns if column.notes]
    return TableProfile(
        name=table.name,
        rows=table.rows,
        columns=len(table.columns),
        bears=list(table.bears),
        lacks=list(table.lacks),
        about=list(about(table)),
        beware=beware,
    )
