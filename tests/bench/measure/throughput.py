"""All contestants on the same pages, in alternating rounds, and whether they kept the same rows."""

import statistics

import contestants
import database
import process

CONCURRENCY = 32


def measure(world, rounds, say):
    """A list of dicts, repopipe's default engine first."""
    everyone = contestants.contestants(world.build, rounds)
    results = {each.name: new_result(each) for each in everyone}
    tables = empty_tables(world)
    reference = None
    for number in range(rounds):
        for each in everyone:
            if number >= each.rounds or not each.is_available():
                continue
            say(f"round {number + 1} of {rounds}: {each.name}")
            path, sample = run_once(world, each, tables)
            results[each.name]["samples"].append(sample)
            if reference is None:
                reference = path
                continue
            if number == 0:
                database.check_same(reference, path, each.name)
            database.remove(path)
    database.remove(reference)
    database.remove(tables)
    return summarize(list(results.values()))


def empty_tables(world):
    """A database with repopipe's own tables and indexes, as repopipe makes them, and no rows."""
    logins = world.folder / "first.logins"
    logins.write_text(world.simulator.logins.read_text().split()[0] + "\n")
    filled, empty = world.new_database(), world.new_database()
    work = contestants.Work(world.simulator.url, logins, 1, world.folder, filled)
    command = contestants.repopipe(world.build, "event_loop")(work)
    process.run(command, world.folder / "contestant.log")
    database.copy_schema(filled, empty)
    database.remove(filled)
    return empty


def new_result(contestant):
    return {
        "name": contestant.name,
        "bar": contestant.bar.limit if contestant.bar else None,
        "slower": contestant.bar.slower if contestant.bar else None,
        "missing": "" if contestant.is_available() else contestant.package,
        "samples": [],
    }


def run_once(world, contestant, tables):
    path = world.new_database()
    work = contestants.Work(
        world.simulator.url, world.simulator.logins, CONCURRENCY, world.folder, path, tables
    )
    busy = world.simulator.cpu()
    used = process.run(contestant.command(work), world.folder / "contestant.log")
    busy = world.simulator.cpu() - busy
    sample = {
        "wall": used.wall,
        "cpu": used.cpu,
        "peak_mb": used.peak_mb,
        "simulator_share": busy / used.wall,
        "repos": database.counts(path)["repos"],
    }
    return path, sample


def summarize(results):
    """Medians, and repopipe's speed against each."""
    for result in results:
        for key in ("wall", "cpu", "peak_mb", "simulator_share", "repos"):
            values = [sample[key] for sample in result["samples"]]
            result[key] = statistics.median(values) if values else None
    first = results[0]
    for result in results:
        judge(result, first["wall"])
    return results


def judge(result, ours):
    theirs = result["wall"]
    result["ratio"] = theirs / ours if theirs else None
    result["ok"] = None
    if theirs and result["bar"]:
        kept = theirs >= result["bar"] * ours
        result["ok"] = kept if result["slower"] else ours <= result["bar"] * theirs
