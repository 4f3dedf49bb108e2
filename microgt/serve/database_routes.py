"""The databases that are served, and files that become one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from microgt.engine.database import Database
from microgt.serve.databases import Databases
from microgt.serve.models import DatabaseOut, DatabaseTaken
from microgt.serve.problems import PROBLEMS
from microgt.serve.service import BUILD_SECONDS, Service
from microgt.serve.uploads import Upload, received

ADDRESS = "/databases"
_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
FILE = Annotated[str, Query(min_length=1, max_length=200, description="the file's name: .csv, .tsv or .parquet; without it a table's")]
INTO = Annotated[str | None, Query(max_length=200, description="the database it becomes a table of; by default one of its own")]


def database_routes(service: Service) -> APIRouter:
    """`/databases`."""
    routes = APIRouter(tags=["databases"], responses=PROBLEMS)
    databases = service.databases

    @routes.get(ADDRESS)
    async def served() -> list[DatabaseOut]:
        """The databases there are."""
        return [_told(databases, name) for name in databases.paths]

    if databases.uploads is None:
        return routes
    folder = databases.uploads

    @routes.post(ADDRESS, status_code=201, openapi_extra=_BODY)
    async def take(request: Request, file: FILE, db: INTO = None, replace: bool = False) -> DatabaseTaken:
        """Take a file in: a table of a database that can be asked from now on, after a restart too."""
        upload = Upload.named(file, db, replace)
        upload.refuse_taken(databases)
        async with received(request.stream(), folder) as temporary:
            database: Database = await service.builds.do(lambda desk: upload.place(temporary, databases, desk.database), BUILD_SECONDS)
        tables = [table.name for table in database.schema.tables]
        return DatabaseTaken(name=upload.db, uploaded=True, table=upload.table, tables=tables, data_version=database.version)

    return routes


def _told(databases: Databases, name: str) -> DatabaseOut:
    return DatabaseOut(name=name, uploaded=databases.is_uploaded(name))
