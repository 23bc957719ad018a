"""The Celery application and its one task; the workers and celery_redis.py import it.

REDIS_URL names the server, which carries the tasks and their results.
"""

import os

import celery
import common
import requests
import requests_page
from celery import signals

app = celery.Celery("bench", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
app.conf.update(
    task_acks_late=True,  # what a dying worker had begun is done by another
    worker_prefetch_multiplier=64,  # for tasks of a few milliseconds, as Celery's guide advises
    worker_enable_remote_control=False,
)
session = None


@signals.worker_process_init.connect
def begin(**_):
    """A session for each of the pool's processes, so that its connections stay open."""
    global session
    session = requests.Session()


@app.task
def fetch_pages(requested):
    """`requested`: a login, a page's number and its address, each.  JSON knows no sets."""
    pages = [requests_page.fetch(session, *request) for request in requested]
    return [page._replace(owners=list(page.owners)) for page in pages]


def page_from(values):
    """One page as a worker returned it, JSON's lists and all."""
    page = common.Page(*values)
    return page._replace(owners={tuple(owner) for owner in page.owners})
