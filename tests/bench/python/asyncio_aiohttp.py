"""asyncio with aiohttp: so many workers take addresses from one queue."""

import asyncio
import time

import aiohttp
import common
import store


async def fetch(session, login, number, url):
    started_at = common.now()
    begin = time.perf_counter()
    async with session.get(url) as response:
        first_byte = time.perf_counter() - begin  # until the headers were there
        body = await response.read()
        response.raise_for_status()
    reply = common.Reply(
        status=response.status,
        http_version=f"{response.version.major}.{response.version.minor}",
        body=body,
        wire_bytes=response.content_length or len(body),
        links={relation: str(link["url"]) for relation, link in response.links.items()},
        started_at=started_at,
        first_byte=first_byte,
        total=time.perf_counter() - begin,
    )
    return common.parse_page(login, number, reply)


async def work(session, queue, database):
    while True:
        _, login, number, url = await queue.get()
        page = await fetch(session, login, number, url)
        database.add(page)
        for index, follow_up in enumerate(page.follow_ups, start=2):
            queue.put_nowait((0, login, index, follow_up))  # ahead of new users
        queue.task_done()


async def main():
    args = common.arguments()
    queue = asyncio.PriorityQueue()
    for login in args.logins:
        queue.put_nowait((1, login, 1, common.first_page(args.base_url, login)))
    connector = aiohttp.TCPConnector(limit=args.concurrency)
    with store.Store(args.database) as database:
        async with aiohttp.ClientSession(connector=connector) as session:
            workers = [
                asyncio.create_task(work(session, queue, database)) for _ in range(args.concurrency)
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
