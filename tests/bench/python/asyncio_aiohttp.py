"""asyncio with aiohttp: so many workers take addresses from one queue."""

import asyncio
import time

import aiohttp
import common


async def fetch(session, login, number, url):
    begin = time.perf_counter()
    async with session.get(url) as response:
        body = await response.read()
        response.raise_for_status()
    seconds = time.perf_counter() - begin
    links = {relation: str(link["url"]) for relation, link in response.links.items()}
    page = common.parse_page(
        login, number, response.status, body, seconds, response.content_length or len(body)
    )
    return page, links


async def work(session, queue, store):
    while True:
        _, login, number, url = await queue.get()
        page, links = await fetch(session, login, number, url)
        store.add(page)
        if number == 1:
            for index, follow_up in enumerate(common.pages_after_first(links), start=2):
                queue.put_nowait((0, login, index, follow_up))  # ahead of new users
        queue.task_done()


async def main():
    args = common.arguments()
    queue = asyncio.PriorityQueue()
    for login in args.logins:
        queue.put_nowait((1, login, 1, common.first_page(args.base_url, login)))
    connector = aiohttp.TCPConnector(limit=args.concurrency)
    with common.Store(args.database) as store:
        async with aiohttp.ClientSession(connector=connector) as session:
            workers = [
                asyncio.create_task(work(session, queue, store)) for _ in range(args.concurrency)
            ]
            everything = asyncio.create_task(queue.join())
            done, _ = await asyncio.wait(
                [everything, *workers], return_when=asyncio.FIRST_COMPLETED
            )
            for task in workers:
                task.cancel()
            for task in done:
                task.result()  # a worker only ends by failing


asyncio.run(main())
