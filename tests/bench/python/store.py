"""What the Python programs write: the rows of repopipe's first night, into repopipe's tables."""

import operator
import sqlite3
import time

import common

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
STATISTICS = REPO_COLUMNS[-4:]
REQUEST_COLUMNS = (
    "login", "page", "started_at", "status", "http_version", "bytes", "first_byte_ms", "total_ms",
)
# What each table gets from its rows, and what is alike in all of them.
COLUMNS = {
    "users": (("id", "login", "kind", "first_seen_at", "last_seen_at"), {"first_seen_run": "run"}),
    "repos": ((*REPO_COLUMNS, "first_seen_at", "last_seen_at"), {"first_seen_run": "run"}),
    "repo_topics": (("repo_id", "topic"), {}),
    "repo_stats": (("repo_id", "valid_from", *STATISTICS), {}),
    "run_users": (
        ("login", "user_id", "settled_at", "repos", "repos_new", "pages", "requests", "bytes",
         "fetch_ms", "parse_ms"),
        {"run_id": "run", "outcome": "'ok'", "repos_changed": "0", "repos_gone": "0",
         "skipped": "0", "attempts": "1", "queued_ms": "0", "store_ms": "0"},
    ),
    "requests": (
        REQUEST_COLUMNS,
        {"run_id": "run", "attempt": "1", "name_lookup_ms": "0", "connect_ms": "0", "tls_ms": "0",
         "outcome": "'ok'"},
    ),
}
SORTED = ("repos", "repo_topics", "repo_stats")  # by repository, as their keys are
ROWS_A_COMMIT = 5000
BEGIN = "INSERT INTO runs (job, version, status, started_at) VALUES ('bench', '0', 'running', ?)"
FINISH = """
UPDATE runs SET (status, exit_code, finished_at, wall_ms, users_ok, repos_seen, repos_new, requests,
                 bytes, fetch_busy_ms, parse_busy_ms) =
  (SELECT 'complete', 0, ?, ?, count(*), sum(repos), sum(repos_new), sum(requests), sum(bytes),
          sum(fetch_ms), sum(parse_ms) FROM run_users)
"""


def insert_sql(table, run):
    columns, alike = COLUMNS[table]
    marks = ["?"] * len(columns)
    values = [str(run) if value == "run" else value for value in alike.values()]
    return (
        f"INSERT INTO {table} ({', '.join([*columns, *alike])})"
        f" VALUES ({', '.join(marks + values)})"
    )


class Store:
    """Fills an empty database that has its tables; used by one thread."""

    def __init__(self, path):
        self._began = time.perf_counter()
        # Transactions are begun and ended here, not guessed by the module.
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;"
            "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 1000"
        )
        run = self._database.execute(BEGIN, (common.now(),)).lastrowid
        self._inserts = {table: insert_sql(table, run) for table in COLUMNS}
        self._rows = {table: [] for table in COLUMNS}
        self._begun_users = {}

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        if not failed:
            self._write()
            wall_ms = (time.perf_counter() - self._began) * 1000
            self._database.execute(FINISH, (common.now(), wall_ms))
        self._database.close()

    def add(self, page):
        """A user is written once its last page is there; its first page comes first."""
        pages = self._begun_users.setdefault(page.login, [])
        pages.append(page)
        if len(pages) <= len(pages[0].follow_ups):
            return
        self._add_user(self._begun_users.pop(page.login))
        if len(self._rows["repos"]) >= ROWS_A_COMMIT:
            self._write()

    def _add_user(self, pages):
        rows = self._rows
        now = common.now()
        owners = set().union(*(page.owners for page in pages))
        repos = [repo for page in pages for repo in page.repos]
        rows["users"] += [(*owner, now, now) for owner in owners]
        rows["repos"] += [(*repo, now, now) for repo in repos]
        rows["repo_stats"] += [(repo[0], now, *repo[-4:]) for repo in repos]
        for page in pages:
            rows["repo_topics"] += page.topics
            rows["requests"].append(page.request)
        user_id = next(iter(owners))[0] if owners else None
        rows["run_users"].append((
            pages[0].login, user_id, now, len(repos), len(repos), len(pages), len(pages),
            sum(page.wire_bytes for page in pages), sum(page.fetch_ms for page in pages),
            sum(page.parse_ms for page in pages),
        ))

    def _write(self):
        for table in SORTED:
            self._rows[table].sort(key=operator.itemgetter(0))
        self._database.execute("BEGIN")
        for table, rows in self._rows.items():
            self._database.executemany(self._inserts[table], rows)
            rows.clear()
        self._database.execute("COMMIT")
