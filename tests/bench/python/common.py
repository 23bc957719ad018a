"""What the Python programs share: the address of a page, the columns, and SQLite.

The columns are those of `repos`, so that every program compared keeps the same.
"""

import json
import re
import sqlite3
import sys
import typing

REPO_COLUMNS = (
    "id", "node_id", "name", "full_name", "owner_id", "private", "html_url",
    "description", "fork", "homepage", "language", "license_key",
    "license_name", "license_spdx_id", "default_branch", "visibility",
    "topics", "is_template", "archived", "disabled", "has_issues",
    "has_projects", "has_wiki", "has_pages", "has_downloads",
    "has_discussions", "allow_forking", "web_commit_signoff_required",
    "mirror_url", "created_at", "updated_at", "pushed_at", "size",
    "stargazers_count", "forks_count", "open_issues_count",
)
ROWS_A_COMMIT = 5000


class Page(typing.NamedTuple):
    """One page, ready for SQLite."""

    request: tuple  # login, page, status, bytes, milliseconds
    owners: list  # of tuples: id, login, kind
    repos: list  # of tuples in the order of REPO_COLUMNS


class Arguments(typing.NamedTuple):
    base_url: str
    logins: list
    concurrency: int
    database: str


def arguments():
    """BASE_URL LOGINS_FILE CONCURRENCY DATABASE, as bare_loop takes them."""
    base_url, logins_file, concurrency, database = sys.argv[1:]
    with open(logins_file, encoding="utf-8") as file:
        logins = file.read().split()
    return Arguments(base_url, logins, int(concurrency), database)


def first_page(base_url, login):
    return f"{base_url}/users/{login}/repos?type=owner&sort=full_name&per_page=100&page=1"


def pages_after_first(links):
    """The addresses of pages 2 to last; `links` maps relations to addresses."""
    if "next" not in links:
        return []
    last = int(re.search(r"[?&]page=(\d+)", links["last"])[1])
    return [
        re.sub(r"([?&]page=)\d+", rf"\g<1>{number}", links["next"])
        for number in range(2, last + 1)
    ]


def repo_row(repo):
    licence = repo["license"] or {}
    return (
        repo["id"], repo["node_id"], repo["name"], repo["full_name"],
        repo["owner"]["id"], repo["private"], repo["html_url"],
        repo["description"], repo["fork"], repo["homepage"], repo["language"],
        licence.get("key"), licence.get("name"), licence.get("spdx_id"),
        repo["default_branch"], repo["visibility"],
        json.dumps(repo["topics"], ensure_ascii=False, separators=(",", ":")),
        repo["is_template"], repo["archived"], repo["disabled"],
        repo["has_issues"], repo["has_projects"], repo["has_wiki"],
        repo["has_pages"], repo["has_downloads"], repo["has_discussions"],
        repo["allow_forking"], repo["web_commit_signoff_required"],
        repo["mirror_url"], repo["created_at"], repo["updated_at"],
        repo["pushed_at"], repo["size"], repo["stargazers_count"],
        repo["forks_count"], repo["open_issues_count"],
    )


def parse_page(login, number, status, body, seconds, wire_bytes):
    repos = json.loads(body)
    owners = {tuple(repo["owner"][key] for key in ("id", "login", "type")) for repo in repos}
    return Page(
        (login, number, status, wire_bytes, seconds * 1000),
        list(owners),
        [repo_row(repo) for repo in repos],
    )


class Store:
    """A new database; used by one thread."""

    def __init__(self, path):
        # Transactions are begun and ended here, not guessed by the module.
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT, kind TEXT);"
            "CREATE TABLE requests (login TEXT, page INTEGER, status INTEGER, bytes INTEGER,"
            " total_ms REAL);"
            f"CREATE TABLE repos (id INTEGER PRIMARY KEY, {', '.join(REPO_COLUMNS[1:])});"
            "BEGIN"
        )
        marks = ", ".join("?" * len(REPO_COLUMNS))
        self._insert_repo = f"INSERT OR REPLACE INTO repos VALUES ({marks})"
        self._uncommitted = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._database.execute("COMMIT")
        self._database.close()

    def add(self, page):
        self._database.execute("INSERT INTO requests VALUES (?, ?, ?, ?, ?)", page.request)
        self._database.executemany("INSERT OR REPLACE INTO users VALUES (?, ?, ?)", page.owners)
        self._database.executemany(self._insert_repo, page.repos)
        self._uncommitted += len(page.repos)
        if self._uncommitted >= ROWS_A_COMMIT:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")
            self._uncommitted = 0
