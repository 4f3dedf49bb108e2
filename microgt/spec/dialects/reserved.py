"""Words that engines keep for themselves, quoted when they are names. sqlglot knows those of MySQL, BigQuery and Trino itself."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The union of what PostgreSQL, SQL Server, SQLite and ClickHouse reserve: a quoted lower-case name means the same to all of them.
RESERVED = _words(
    """
    add all alter analyse analyze and any array as asc asof asymmetric authorization backup begin between binary both break browse
    bulk by cascade case cast check checkpoint close clustered coalesce collate collation column commit compute concurrently
    constraint contains continue convert create cross current current_catalog current_date current_role current_schema
    current_time current_timestamp current_user cursor database deallocate declare default deferrable delete deny desc disk
    distinct distributed do double drop dump else end errlvl escape except exec execute exists exit external false fetch file
    fillfactor final for foreign format freeze freetext from full function glob global goto grant group having holdlock identity
    if ilike in index initially inner insert intersect into is isnull join key kill lateral leading left like limit lineno load
    localtime localtimestamp match merge national natural nocheck nonclustered not notnull null nullif of off offset offsets on
    only open option or order outer over overlaps percent pivot placing plan precision prewhere primary print proc procedure
    public qualify raiserror read readtext reconfigure references regexp replication restore restrict return returning revert
    revoke right rollback rowcount rule sample save schema select semantic session_user set settings setuser shutdown similar some
    statistics symmetric system_user table tablesample textsize then to top trailing tran transaction trigger true truncate
    tsequal union unique unpivot update use user using values variadic varying verbose view waitfor when where while window with
    within writetext
    """
)

# Snowflake folds unquoted names to capitals, so that only what cannot stand unquoted may be quoted.
SNOWFLAKE = _words(
    """
    account all alter and any as between by case cast check column connect connection constraint create cross current current_date
    current_time current_timestamp current_user database delete distinct drop else exists false following for from full grant
    group gscluster having ilike in increment inner insert intersect into is issue join lateral left like localtime localtimestamp
    minus natural not null of on or order organization qualify regexp revoke right rlike row rows sample schema select set some
    start table tablesample then to trigger true try_cast union unique update using values view when whenever where with
    """
)
