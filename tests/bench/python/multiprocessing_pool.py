"""A process pool with requests: workers fetch and parse whole users; the parent writes."""

import multiprocessing

import common
import requests
import requests_page
import store

session = None


def begin():
    global session
    session = requests.Session()


def fetch_user(task):
    return requests_page.fetch_user(session, *task)


def main():
    args = common.arguments()
    tasks = [(args.base_url, login) for login in args.logins]
    with store.Store(args.database) as database:
        with multiprocessing.Pool(args.concurrency, initializer=begin) as pool:
            for pages in pool.imap_unordered(fetch_user, tasks, chunksize=4):
                for page in pages:
                    database.add(page)
            pool.close()
            pool.join()


if __name__ == "__main__":
    main()
