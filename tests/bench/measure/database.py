"""Looks into the databases that were written."""

import pathlib
import sqlite3

import process

# Columns of `repos` that only the pipeline has.
OURS = {"first_seen_at", "first_seen_run", "last_seen_at", "last_changed_at", "gone_since"}


def counts(path):
    with sqlite3.connect(path) as connection:
        repos, stars = connection.execute(
            "SELECT count(*), sum(stargazers_count) FROM repos"
        ).fetchone()
        users = connection.execute("SELECT count(*) FROM users").fetchone()[0]
    return {"repos": repos, "stars": stars, "users": users}


def requests(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM requests").fetchone()[0]


def check_same(reference, path, name):
    """Counts, columns, and every value of every repository."""
    if counts(reference) != counts(path):
        raise process.ProgramFailed(f"{name} kept {counts(path)} and not {counts(reference)}")
    with sqlite3.connect(path) as connection:
        connection.execute("ATTACH ? AS reference", (str(reference),))
        columns = columns_of(connection, "main") - OURS
        wanted = columns_of(connection, "reference") - OURS
        if columns != wanted:
            raise process.ProgramFailed(f"{name} has other columns: {sorted(columns ^ wanted)}")
        listed = ", ".join(f'"{column}"' for column in sorted(columns))
        different = connection.execute(
            f"SELECT count(*) FROM (SELECT {listed} FROM main.repos"
            f" EXCEPT SELECT {listed} FROM reference.repos)"
        ).fetchone()[0]
    if different:
        raise process.ProgramFailed(f"{name} kept {different} repositories with other values")


def columns_of(connection, schema):
    rows = connection.execute("SELECT name FROM pragma_table_info('repos', ?)", (schema,))
    return {name for name, in rows}


def remove(path):
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(f"{path}{suffix}").unlink(missing_ok=True)
