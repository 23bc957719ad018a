"""Every reply takes 200 ms: how close the wall time comes to requests x latency / concurrency."""

import math
import statistics

import contestants
import database
import process

CONCURRENCY = 100
SECONDS = 0.2
MOST_OVER = 0.05


def measure(world, rounds, say):
    results = []
    for engine in ("event_loop", "threads"):
        samples = []
        for number in range(rounds):
            say(f"200 ms of latency: {engine}, round {number + 1} of {rounds}")
            samples.append(run_once(world, engine))
        results.append(summarize(engine, samples))
    return results


def run_once(world, engine):
    path = world.new_database()
    work = contestants.Work(
        world.simulator.url, world.simulator.logins, CONCURRENCY, world.folder, path
    )
    command = contestants.repopipe(world.build, engine)(work)
    used = process.run(command, world.folder / "contestant.log")
    sample = {"requests": database.requests(path), "wall": used.wall, "cpu": used.cpu}
    database.remove(path)
    return sample


def summarize(engine, samples):
    requests = samples[0]["requests"]
    ideal = requests * SECONDS / CONCURRENCY
    wall = statistics.median(sample["wall"] for sample in samples)
    return {
        "engine": engine,
        "requests": requests,
        "ideal": ideal,
        # What no program can beat: the last round trips are not all used.
        "rounds": math.ceil(requests / CONCURRENCY) * SECONDS,
        "wall": wall,
        "cpu": statistics.median(sample["cpu"] for sample in samples),
        "over": wall / ideal - 1,
        "ok": wall / ideal - 1 <= MOST_OVER,
    }
