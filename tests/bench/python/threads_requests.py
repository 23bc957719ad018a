"""A thread pool with requests: a Session a thread; the main thread writes."""

import concurrent.futures
import queue
import threading

import common
import requests
import requests_page

local = threading.local()
results = queue.SimpleQueue()


def fetch(login, number, url):
    if not hasattr(local, "session"):
        local.session = requests.Session()
    try:
        results.put((login, number, *requests_page.fetch(local.session, login, number, url)))
    except Exception as error:
        results.put(error)


def main():
    args = common.arguments()
    outstanding = len(args.logins)
    with common.Store(args.database) as store:
        with concurrent.futures.ThreadPoolExecutor(args.concurrency) as pool:
            for login in args.logins:
                pool.submit(fetch, login, 1, common.first_page(args.base_url, login))
            while outstanding > 0:
                result = results.get()
                if isinstance(result, Exception):
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise result
                login, number, page, links = result
                store.add(page)
                outstanding -= 1
                follow_ups = common.pages_after_first(links) if number == 1 else []
                for index, url in enumerate(follow_ups, start=2):
                    pool.submit(fetch, login, index, url)
                    outstanding += 1


main()
