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
ROUNDS = 3  # alternating, of those that have a bar


def measure(world, has_bar, only, say):
    """A list of dicts, one for each way in which repopipe works side by side: its median run."""
    ways = [way for way in contestants.ways(world.build, only=only) if not way.missing()]
    samples = {way.key: [] for way in ways}
    for _ in range(ROUNDS if has_bar else 1):
        for way in ways:
            say(f"200 ms of latency: {way.key}, {world.accounts:,} users")
            samples[way.key].append(run_once(world, way))
    return [median_run(runs, has_bar) for runs in samples.values()]


def median_run(runs, has_bar):
    result = dict(sorted(runs, key=lambda run: run["wall"])[len(runs) // 2])
    result["ok"] = result["over"] <= MOST_OVER if has_bar else None
    result["samples"] = runs
    return result


def run_once(world, way):
    path = world.new_database()
    work = contestants.Work(
        world.simulator.url, world.simulator.logins, CONCURRENCY, world.folder, path
    )
    with way.beside(work) as others:
        busy, others_busy = world.simulator.cpu(), others.cpu()
        used = process.run(way.command(work), world.folder / "contestant.log")
        busy, others_busy = world.simulator.cpu() - busy, others.cpu() - others_busy
    requests = database.requests(path)
    database.remove(path)
    ideal = requests * SECONDS / CONCURRENCY
    return {
        "way": way.key,
        "users": world.accounts,
        "requests": requests,
        "ideal": ideal,
        "rounds": math.ceil(requests / CONCURRENCY) * SECONDS,
        "wall": used.wall,
        "cpu": used.cpu + others_busy,
        "simulator_share": busy / used.wall,
        "over": used.wall / ideal - 1,
    }
