"""A thread pool with requests: a Session a thread; the main thread writes."""

import concurrent.futures
import queue
import threading

import common
import requests
import requests_page
import store

local = threading.local()
results = queue.SimpleQueue()


def fetch(login, number, url):
    if not hasattr(local, "session"):
        local.session = requests.Session()
    try:
        results.put(requests_page.fetch(local.session, login, number, url))
    except Exception as error:
        results.put(error)


def main():
    args = common.arguments()
    outstanding = len(args.logins)
    with store.Store(args.database) as database:
        with concurrent.futures.ThreadPoolExecutor(args.concurrency) as pool:
            for login in args.logins:
                pool.submit(fetch, login, 1, common.first_page(args.base_url, login))
            while outstanding > 0:
                page = results.get()
                if isinstance(page, Exception):
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise page
                database.add(page)
                outstanding -= 1
                for number, url in enumerate(page.follow_ups, start=2):
                    pool.submit(fetch, page.login, number, url)
                    outstanding += 1


main()
