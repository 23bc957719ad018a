"""One page with requests; for the programs that block on I/O."""

import time

import common


def fetch(session, login, number, url):
    started_at = common.now()
    begin = time.perf_counter()
    response = session.get(url)
    response.raise_for_status()
    total = time.perf_counter() - begin
    reply = common.Reply(
        status=response.status_code,
        http_version="1.0" if response.raw.version == 10 else "1.1",
        body=response.content,
        wire_bytes=int(response.headers.get("Content-Length", len(response.content))),
        links={relation: link["url"] for relation, link in response.links.items()},
        started_at=started_at,
        first_byte=response.elapsed.total_seconds(),  # until the headers were there
        total=total,
    )
    return common.parse_page(login, number, reply)


def fetch_user(session, base_url, login):
    """All pages of a user, one after the other."""
    first = fetch(session, login, 1, common.first_page(base_url, login))
    pages = [first]
    for number, url in enumerate(first.follow_ups, start=2):
        pages.append(fetch(session, login, number, url))
    return pages
