"""One page with requests; for the programs that block on I/O."""

import time

import common


def fetch(session, login, number, url):
    begin = time.perf_counter()
    response = session.get(url)
    response.raise_for_status()
    seconds = time.perf_counter() - begin
    wire_bytes = int(response.headers.get("Content-Length", len(response.content)))
    links = {relation: link["url"] for relation, link in response.links.items()}
    page = common.parse_page(
        login, number, response.status_code, response.content, seconds, wire_bytes
    )
    return page, links


def fetch_user(session, base_url, login):
    """All pages of a user, one after the other."""
    page, links = fetch(session, login, 1, common.first_page(base_url, login))
    pages = [page]
    for number, url in enumerate(common.pages_after_first(links), start=2):
        pages.append(fetch(session, login, number, url)[0])
    return pages
