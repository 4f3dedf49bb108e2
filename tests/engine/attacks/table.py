"""What a stranger's SQL may try, by what it is after. {folder} stands for the folder of the database, in which letter.csv lies.

The groups up to `LOOPHOLES` are refused twice: by the kind of statement, and by DuckDB's locked settings. What DuckDB itself lets
through on a locked connection is in `LOOPHOLES` (other kinds of statement) and `TELLTALES` (a SELECT like any other).
"""

WRITES = [
    "COPY t TO 'stolen.csv'",
    "COPY t TO '{folder}/stolen.parquet' (FORMAT parquet)",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY t TO '{folder}/shop.duckdb'",
    "COPY t TO '{folder}/shop.duckdb.wal'",
    "EXPORT DATABASE '{folder}/stolen'",
    "COPY FROM DATABASE shop TO other",
]
READS = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv('{folder}/letter.csv')",
    "SELECT * FROM '{folder}/letter.csv'",
    "SELECT * FROM 'letter.csv'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_json('/etc/hostname')",
    "SELECT * FROM read_text('{folder}/letter.csv')",
    "SELECT * FROM read_blob('{folder}/letter.csv')",
    "SELECT * FROM read_parquet('{folder}/letter.csv')",
    "SELECT * FROM parquet_metadata('{folder}/letter.csv')",
    "SELECT * FROM sniff_csv('{folder}/letter.csv')",
    "SELECT * FROM read_duckdb('{folder}/other.duckdb')",
    "SELECT * FROM read_csv('/dev/stdin')",
    "SELECT * FROM read_csv('https://example.org/a.csv')",
    "SELECT * FROM sqlite_scan('{folder}/letter.csv', 't')",
    "SELECT * FROM duckdb_secrets()",
    "COPY t FROM '{folder}/letter.csv'",
    "IMPORT DATABASE '{folder}'",
]
ATTACHES = [
    "ATTACH '{folder}/other.duckdb' AS other",
    "ATTACH '{folder}/new.duckdb' AS new",
    "ATTACH ':memory:' AS mine",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/evil.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "CREATE PERSISTENT SECRET mine (TYPE http, BEARER_TOKEN 'x')",
]
PYTHON = ["SELECT * FROM frame", "SELECT * FROM sys", "SELECT * FROM connection"]
CHANGES = [
    "CREATE TABLE more (a INTEGER)",
    "CREATE OR REPLACE VIEW t AS SELECT 1 AS a",
    "INSERT INTO t VALUES (9)",
    "UPDATE t SET a = 0",
    "DELETE FROM t",
    "TRUNCATE t",
    "MERGE INTO t USING (SELECT 1 AS b) ON a = b WHEN MATCHED THEN DELETE",
    "ALTER TABLE t ADD COLUMN b INTEGER",
    "DROP TABLE t",
    "CREATE SEQUENCE numbers",
    "CREATE SCHEMA mine",
    "COMMENT ON TABLE t IS 'mine'",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
    "SELECT 1; DROP TABLE t",
]
SETTINGS = [
    "SET memory_limit = '64GB'",
    "SET threads = 8",
    "SET GLOBAL async_threads = 8",
    "SET temp_directory = '{folder}'",
    "SET TimeZone = 'Asia/Tokyo'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET profiling_output = '{folder}/profile.json'",
    "RESET memory_limit",
    "PRAGMA threads = 8",
    "PRAGMA enable_profiling",
    "CALL enable_logging(storage = 'file')",
    "SELECT * FROM enable_logging(storage = 'file')",
    "SELECT * FROM enable_profiling()",
    "SELECT * FROM add_grammar_extension('x')",
    "USE temp",
]
LOOPHOLES = [
    "CREATE TEMP TABLE more (a INTEGER)",
    "CREATE TEMP VIEW t AS SELECT 1 AS a",
    "CREATE TEMP MACRO sum(x) AS 42",
    "CREATE TEMP MACRO numbers() AS TABLE SELECT 1",
    "SET VARIABLE x = 1",
    "LOAD json",
    "LOAD icu",
    "PREPARE mine AS SELECT 1",
    "BEGIN TRANSACTION",
    "EXPLAIN ANALYZE SELECT 1",
    "ATTACH '{folder}/shop.duckdb' AS again",
    "CALL pragma_version()",
    "CHECKPOINT",
    "PIVOT t ON a USING count(*)",
    "SELECT 1; SELECT 2",
    "VACUUM t",
    "SET search_path = 'temp'",
    "PRAGMA enable_verification",
]
TELLTALES = [
    "SELECT * FROM duckdb_settings()",
    'SELECT * FROM "duckdb_settings" /* hidden */ ()',
    "SELECT * FROM system.main.DUCKDB_DATABASES()",
    "SELECT * FROM duckdb_databases",
    "SELECT path FROM 'duckdb_databases'",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pg_catalog.pg_settings",
    "SELECT current_setting('allowed_paths')",
    "SELECT 'allowed_paths'.current_setting()",
    "SELECT * FROM query('SELECT * FROM duckdb_' || 'settings()')",
    "SELECT * FROM query_table('duckdb_databases')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM duckdb_' || 'settings()'))",
    "SELECT 1 AS a -- \n FROM duckdb_settings()",
    "WITH x AS MATERIALIZED (SELECT path FROM duckdb_databases) SELECT * FROM x",
    "SELECT (SELECT max(value) FROM duckdb_settings())",
]
EMPTY = ["", ";", "-- nothing"]
NONSENSE = ["SELEC", "SELECT 'open", "SELECT 1 FROM", "SELECT \x00", "SELECT '\ud800'"]

LOCKED = [*WRITES, *READS, *ATTACHES, *PYTHON, *CHANGES, *SETTINGS]
ALL = [*LOCKED, *LOOPHOLES, *TELLTALES, *EMPTY, *NONSENSE]
