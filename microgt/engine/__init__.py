"""Where specs run: DuckDB in a sandboxed worker process, and the way any file becomes a DuckDB database."""

from microgt.engine.database import Database, open_database
from microgt.engine.duckdb import DuckDBEngine, EnginePool, Limits
from microgt.engine.result import ResultTable

__all__ = ["Database", "DuckDBEngine", "EnginePool", "Limits", "ResultTable", "open_database"]
