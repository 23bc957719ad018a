"""What the Python programs share: the address of a page, and its rows."""

import datetime
import json
import re
import sys
import time
import typing


class Reply(typing.NamedTuple):
    """One HTTP exchange, whatever library made it."""

    status: int
    http_version: str
    body: bytes  # inflated
    wire_bytes: int  # of the body, compressed
    links: dict  # of the Link header: relations and addresses
    started_at: str
    first_byte: float  # seconds from the start, like the next
    total: float


class Page(typing.NamedTuple):
    """One page, ready for SQLite."""

    login: str
    number: int
    request: tuple  # in the order of store.REQUEST_COLUMNS
    wire_bytes: int
    fetch_ms: float
    parse_ms: float
    follow_ups: list  # addresses of pages 2 to last, with page 1
    owners: set  # of tuples: id, login, kind
    repos: list  # of tuples in the order of store.REPO_COLUMNS
    topics: list  # of tuples: repo_id, topic


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


def now():
    """As all times in the database: ISO 8601, UTC, milliseconds."""
    time_now = datetime.datetime.now(datetime.timezone.utc)
    return time_now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


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


def parse_page(login, number, reply):
    begin = time.perf_counter()
    repos = json.loads(reply.body)
    owners = {tuple(repo["owner"][key] for key in ("id", "login", "type")) for repo in repos}
    rows = [repo_row(repo) for repo in repos]
    topics = [(repo["id"], topic) for repo in repos for topic in repo["topics"]]
    total_ms = reply.total * 1000
    request = (
        login, number, reply.started_at, reply.status, reply.http_version, reply.wire_bytes,
        reply.first_byte * 1000, total_ms,
    )
    follow_ups = pages_after_first(reply.links) if number == 1 else []
    parse_ms = (time.perf_counter() - begin) * 1000
    return Page(
        login, number, request, reply.wire_bytes, total_ms, parse_ms, follow_ups, owners, rows,
        topics,
    )
