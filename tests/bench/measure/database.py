"""Looks into the databases that were written, and makes empty ones like them."""

import contextlib
import pathlib
import sqlite3

import process

# Every other value must be the same, whoever wrote it: these are times and what was measured.
MEASURED = {
    "runs": {
        "uid", "job", "job_digest", "requests", "version", "started_at", "finished_at", "bytes", "wall_ms", "starting_ms",
        "fetching_ms", "processing_ms", "waiting_ms", "finishing_ms", "fetch_busy_ms",
        "parse_busy_ms", "store_busy_ms", "plan_busy_ms",
    },
    "users": {"first_seen_at", "last_seen_at"},
    "repos": {"first_seen_at", "last_seen_at"},
    "repo_topics": set(),
    "repo_stats": {"valid_from"},
    "repo_changes": {"changed_at"},
    "run_users": {"settled_at", "bytes", "pages", "requests", "queued_ms", "fetch_ms", "parse_ms", "store_ms"},
    "requests": {
        "id", "started_at", "bytes", "name_lookup_ms", "connect_ms", "tls_ms", "first_byte_ms",
        "total_ms",
    },
}
# What repopipe alone keeps and asks, for its conditional requests: the others are spared that work.
OURS_ALONE = {"listings", "pages", "user_renames"}
MAY_LACK_SOME = {"requests"}  # for a page more behind each full last one
SCHEMA = "SELECT sql FROM {}.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
TABLES = SCHEMA.replace("SELECT sql", "SELECT name") + " AND type = 'table'"


def counts(path):
    with connected(path) as connection:
        repos, stars = connection.execute(
            "SELECT count(*), sum(stargazers_count) FROM repos"
        ).fetchone()
        users = connection.execute("SELECT count(*) FROM users").fetchone()[0]
    return {"repos": repos, "stars": stars, "users": users}


def requests(path):
    with connected(path) as connection:
        return connection.execute("SELECT count(*) FROM requests").fetchone()[0]


def settled_users(path):
    with connected(path) as connection:
        return connection.execute("SELECT count(*) FROM run_users").fetchone()[0]


def largest_user(path):
    with connected(path) as connection:
        return connection.execute(
            "SELECT login FROM run_users ORDER BY repos DESC, login LIMIT 1"
        ).fetchone()[0]


def copy_schema(source, target):
    """Makes the file `target` with the page size, tables, indexes and views of `source`, and no rows."""
    with connected(source) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        statements = [sql for sql, in connection.execute(SCHEMA.format("main") + " ORDER BY rowid")]
    with connected(target) as connection:
        connection.executescript(";\n".join([f"PRAGMA page_size = {size}", "PRAGMA journal_mode = WAL", *statements]))


def check_same(reference, path, name):
    """The tables and indexes, and every value of every row that does not depend on time."""
    with connected(path) as connection:
        connection.execute("ATTACH ? AS reference", (str(reference),))
        kept = {table for table, in connection.execute(TABLES.format("reference"))}
        if kept != set(MEASURED) | OURS_ALONE:
            odd = kept ^ (set(MEASURED) | OURS_ALONE)
            raise process.ProgramFailed(f"not compared: tables {sorted(odd)}")
        if set(connection.execute(SCHEMA.format("main"))) != set(
            connection.execute(SCHEMA.format("reference"))
        ):
            raise process.ProgramFailed(f"{name} has other tables or indexes")
        for table in MEASURED:
            check_table(connection, table, name)


def check_table(connection, table, name):
    ours, theirs = (
        connection.execute(f"SELECT count(*) FROM {schema}.{table}").fetchone()[0]
        for schema in ("reference", "main")
    )
    if ours != theirs and table not in MAY_LACK_SOME:
        raise process.ProgramFailed(f"{name} kept {theirs} rows in {table} and not {ours}")
    columns = [column for column, in connection.execute(
        "SELECT name FROM pragma_table_info(?, 'reference')", (table,)
    )]
    listed = ", ".join(f'"{each}"' for each in columns if each not in MEASURED[table])
    for schema in ("main", "reference"):
        twice = connection.execute(
            f"SELECT {listed} FROM {schema}.{table} GROUP BY {listed} HAVING count(*) > 1"
        ).fetchall()
        if twice:
            raise process.ProgramFailed(f"{name}: twice in {schema}.{table}: {twice[0]}")
    for one, other in (("main", "reference"), ("reference", "main")):
        different = connection.execute(
            f"SELECT {listed} FROM {one}.{table} EXCEPT SELECT {listed} FROM {other}.{table}"
        ).fetchall()
        if different and not (one == "reference" and table in MAY_LACK_SOME):
            raise process.ProgramFailed(
                f"{name}: {len(different)} rows of {table} differ; in {one}: {different[0]}"
            )


def connected(path):
    """Ends the connection with the block, where sqlite3's own only ends the transaction."""
    return contextlib.closing(sqlite3.connect(path))


def remove(path):
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(f"{path}{suffix}").unlink(missing_ok=True)
