"""Tables and columns that databases of companies have beside those that are asked about."""

from __future__ import annotations

from dataclasses import dataclass

from microgt.schema.catalog import quoted
from microgt.schema.types import Column, ColumnType, Table
from microgt.schema.words import words_of

_WORDS = "'to be checked', 'see attachment', 'called back, no answer', 'imported by hand', 'duplicate of an older entry', 'ok'"
# What fills a column, of the row number `_i`: kind -> (type, SQL).
FILLS: dict[str, tuple[ColumnType, str]] = {
    "text": (ColumnType.TEXT, f"[{_WORDS}][1 + (hash(_i) % 6)::INTEGER]"),
    "code": (ColumnType.TEXT, "['A1', 'A2', 'B7', 'X0', 'ZZ'][1 + (hash(_i) % 5)::INTEGER]"),
    "hash": (ColumnType.TEXT, "substr(md5(_i::VARCHAR), 1, 12)"),
    "login": (ColumnType.TEXT, "['sys', 'batch01', 'batch02', 'admin'][1 + (hash(_i) % 4)::INTEGER]"),
    "number": (ColumnType.NUMBER, "(hash(_i) % 1000)::INTEGER"),
    "share": (ColumnType.NUMBER, "(hash(_i) % 1000) / 1000.0"),
    "row": (ColumnType.NUMBER, "_i::INTEGER"),
    "day": (ColumnType.TIME, "DATE '2021-01-01' + (hash(_i) % 900)::INTEGER"),
    "flag": (ColumnType.BOOLEAN, "hash(_i) % 3 = 0"),
}
COLUMNS: dict[str, str] = {
    **dict.fromkeys(("remarks", "internal_memo", "free_text", "handling_note"), "text"),
    **dict.fromkeys(("created_by", "modified_by"), "login"),
    **dict.fromkeys(("inserted_on", "last_modified_on", "valid_until"), "day"),
    **dict.fromkeys(("row_version", "sort_key", "import_batch"), "number"),
    **dict.fromkeys(("checksum", "external_guid", "legacy_key"), "hash"),
    **dict.fromkeys(("source_system", "workflow_state", "tenant", "locale"), "code"),
    **dict.fromkeys(("is_deleted", "is_archived"), "flag"),
    "quality_index": "share",
}
TABLES: dict[str, dict[str, str]] = {
    "audit_trail": {"entry": "row", "changed_by": "login", "changed_on": "day", "old_content": "text", "new_content": "text"},
    "app_settings": {"setting_key": "hash", "setting_content": "text", "is_default": "flag"},
    "mail_queue": {"message": "row", "recipient": "hash", "queued_on": "day", "attempts": "number", "body": "text"},
    "job_runs": {"run": "row", "job": "code", "began_on": "day", "seconds": "number", "succeeded": "flag"},
    "bank_holidays": {"holiday": "day", "label": "text", "calendar": "code"},
    "file_uploads": {"upload": "row", "file_hash": "hash", "bytes": "number", "uploaded_by": "login"},
    "user_sessions": {"session": "hash", "login": "login", "opened_on": "day", "clicks": "number"},
    "exchange_rates": {"pair": "code", "quoted_on": "day", "mid_rate": "share"},
    "translations": {"phrase_key": "hash", "locale": "code", "phrase": "text"},
    "feature_flags": {"flag": "code", "enabled": "flag", "rollout": "share"},
    "api_tokens": {"token": "hash", "issued_on": "day", "issued_to": "login", "revoked": "flag"},
    "import_batches": {"batch": "row", "origin": "code", "loaded_on": "day", "rejected": "number"},
    "tax_brackets": {"bracket": "code", "lower_bound": "number", "tax_share": "share"},
    "error_log": {"fault": "row", "severity": "code", "logged_on": "day", "trace": "text"},
    "access_rights": {"grantee": "login", "object_code": "code", "granted_on": "day", "may_write": "flag"},
    "data_retention": {"policy_code": "code", "kept_days": "number", "remark": "text"},
}
_ROWS = 30


@dataclass(frozen=True)
class Extra:
    """A column, and the SQL that fills it from a row number `_i`."""

    column: Column
    sql: str


def extra(table: str, name: str, kind: str) -> Extra:
    """A column of `table`."""
    type, sql = FILLS[kind]
    return Extra(Column(table, name, type, words_of(name)), sql)


def distractor(name: str) -> tuple[Table, str]:
    """A table and the statement that makes it."""
    extras = [extra(name, column, kind) for column, kind in TABLES[name].items()]
    listed = ", ".join(f"{e.sql} AS {quoted(e.column.name)}" for e in extras)
    table = Table(name, words_of(name), tuple(e.column for e in extras))
    return table, f"CREATE TABLE {quoted(name)} AS SELECT {listed} FROM range({_ROWS}) AS rows(_i)"
