"""Every reply takes 200 ms: how close the wall time comes to requests x latency / concurrency.

The first and the last round trip of a run cannot be full, whoever runs it, so the bar holds for a
world that is large enough for them not to count.
"""

import math

import contestants
import database
import process

CONCURRENCY = 100
SECONDS = 0.2
MOST_OVER = 0.05


def measure(world, has_bar, say):
    results = []
    for engine in ("event_loop", "threads"):
        say(f"200 ms of latency: {engine}, {world.accounts:,} users")
        result = run_once(world, engine)
        result["ok"] = result["over"] <= MOST_OVER if has_bar else None
        results.append(result)
    return results


def run_once(world, engine):
    path = world.new_database()
    work = contestants.Work(
        world.simulator.url, world.simulator.logins, CONCURRENCY, world.folder, path
    )
    busy = world.simulator.cpu()
    command = contestants.repopipe(world.build, engine)(work)
    used = process.run(command, world.folder / "contestant.log")
    busy = world.simulator.cpu() - busy
    requests = database.requests(path)
    database.remove(path)
    ideal = requests * SECONDS / CONCURRENCY
    return {
        "engine": engine,
        "users": world.accounts,
        "requests": requests,
        "ideal": ideal,
        "rounds": math.ceil(requests / CONCURRENCY) * SECONDS,
        "wall": used.wall,
        "cpu": used.cpu,
        "simulator_share": busy / used.wall,
        "over": used.wall / ideal - 1,
    }
