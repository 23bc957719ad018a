"""A million small accounts: is memory flat, and time linear?"""

import contestants
import database
import process
import simulator

CONCURRENCY = 32
MOST_MB = 150
MOST_GROWTH = 1.2  # of the time that one user takes


def measure(world, say):
    """`world` lends its folder and programs; the worlds served here are larger."""
    results = []
    for accounts in (100_000, 1_000_000):
        say(f"{accounts:,} small accounts")
        options = ["--small", "--accounts", accounts]
        name = f"small-{accounts}"
        with simulator.Simulator(world.simulator_program, world.folder, name, options) as server:
            results.append(run_once(world, server, accounts))
    first, last = results
    growth = last["wall"] / last["users"] / (first["wall"] / first["users"])
    return {
        "runs": results,
        "growth": growth,
        "linear_ok": growth <= MOST_GROWTH,
        "memory_ok": last["peak_mb"] <= MOST_MB,
    }


def run_once(world, server, accounts):
    path = world.new_database()
    work = contestants.Work(server.url, server.logins, CONCURRENCY, world.folder, path)
    busy = server.cpu()
    command = contestants.repopipe(world.build / "repopipe")(work)
    used = process.run(command, world.folder / "contestant.log", looks_at_memory=True)
    result = {
        "users": accounts,
        "wall": used.wall,
        "cpu": used.cpu,
        "peak_mb": used.peak_mb,
        "simulator_share": (server.cpu() - busy) / used.wall,
        "requests": database.requests(path),
        "repos": database.counts(path)["repos"],
    }
    database.remove(path)
    return result
