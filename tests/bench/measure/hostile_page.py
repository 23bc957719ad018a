"""One page in the world crashes whatever parses it: which way gets through the others?

The program is the tests' `poisoned_repopipe`, the real one but for that defect.
"""

import os
import statistics
from unittest import mock

import contestants
import database
import latency
import process

TIMES = 3
PROGRAM = "poisoned_repopipe"


def measure(world, victim, only, say):
    """`victim` is the login on the page.  A wall time of None: the run died of it."""
    results = []
    for way in contestants.ways(world.build, only=only, name=PROGRAM):
        if way.missing():
            continue
        say(f"a page that crashes a parser, {TIMES} times: {way.key}")
        samples = [run_once(world, way, victim) for _ in range(TIMES)]
        walls = [sample["wall"] for sample in samples if sample["ended_well"]]
        results.append({
            "way": way.key,
            "wall": statistics.median(walls) if len(walls) == TIMES else None,
            "samples": samples,
        })
    return results


def run_once(world, way, victim):
    path = world.new_database()
    work = contestants.Work(
        world.simulator.url, world.simulator.logins, latency.CONCURRENCY, world.folder, path
    )
    poison = {"REPOPIPE_TEST_POISON": f'"full_name":"{victim}/'}
    with mock.patch.dict(os.environ, poison), way.beside(work):
        used = process.run(way.command(work), world.folder / "contestant.log", may_fail=True)
    settled = database.settled_users(path)
    database.remove(path)
    return {
        "wall": used.wall,
        "ended_well": used.exit_code == 0 and settled == world.accounts,
        "users": settled,
    }
