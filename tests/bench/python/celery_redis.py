"""Celery with Redis: its workers fetch and parse, this program writes what they return.

PAGES_A_TASK is what its name says, 1 unless it is set.  The workers, started beside, decide how
many requests are under way, so CONCURRENCY means nothing here.
"""

import os

import celery_tasks
import common
import store
from celery import result, states


class Queue:
    """The tasks that were sent, and what came back."""

    def __init__(self, producer, pages_a_task):
        self._producer = producer  # one connection for all tasks
        self._pages_a_task = pages_a_task
        self._sent = []

    def send(self, requested):
        for begin in range(0, len(requested), self._pages_a_task):
            some = requested[begin : begin + self._pages_a_task]
            task = celery_tasks.fetch_pages.apply_async((some,), producer=self._producer)
            self._sent.append(task)

    def pages(self):
        """Each page as soon as it is there; what is sent meanwhile comes after the others."""
        while self._sent:
            waiting, self._sent = result.ResultSet(self._sent, app=celery_tasks.app), []
            for _, meta in waiting.iter_native():
                if meta["status"] != states.SUCCESS:
                    raise meta["result"]
                yield from map(celery_tasks.page_from, meta["result"])


def main():
    args = common.arguments()
    pages_a_task = int(os.environ.get("PAGES_A_TASK", "1"))
    first = [(login, 1, common.first_page(args.base_url, login)) for login in args.logins]
    with store.Store(args.database) as database:
        with celery_tasks.app.producer_pool.acquire(block=True) as producer:
            queue = Queue(producer, pages_a_task)
            queue.send(first)
            for page in queue.pages():
                database.add(page)
                follow_ups = enumerate(page.follow_ups, start=2)
                queue.send([(page.login, number, url) for number, url in follow_ups])


main()
