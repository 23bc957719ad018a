"""One user alone, whose pages are many: two round trips, when all but the first go out at once."""

import statistics

import contestants
import database
import latency
import process

TIMES = 3
ROUND_TRIPS = 2  # the first page, and all that it names


def find(world):
    """The login of whoever has the most repositories."""
    path = world.new_database()
    run(world, contestants.ways(world.build)[0], world.simulator.logins, path)
    login = database.largest_user(path)
    database.remove(path)
    return login


def measure(world, login, only, say):
    """`world` answers after latency.SECONDS."""
    logins = world.folder / "large.logins"
    logins.write_text(login + "\n")
    runs = []
    for way in contestants.ways(world.build, only=only):
        if way.missing():
            continue
        say(f"one large user, {TIMES} times: {way.key}")
        samples = [run_once(world, way, logins) for _ in range(TIMES)]
        wall = statistics.median(sample["wall"] for sample in samples)
        runs.append({"way": way.key, "wall": wall, "samples": samples})
    return {
        "repos": runs[0]["samples"][0]["repos"],
        "requests": runs[0]["samples"][0]["requests"],
        "ideal": ROUND_TRIPS * latency.SECONDS,
        "runs": runs,
    }


def run_once(world, way, logins):
    path = world.new_database()
    wall = run(world, way, logins, path)
    sample = {
        "wall": wall,
        "repos": database.counts(path)["repos"],
        "requests": database.requests(path),
    }
    database.remove(path)
    return sample


def run(world, way, logins, path):
    work = contestants.Work(world.simulator.url, logins, latency.CONCURRENCY, world.folder, path)
    with way.beside(work):
        return process.run(way.command(work), world.folder / "contestant.log").wall
