"""All contestants on the same pages, in alternating rounds, and whether they kept the same rows."""

import dataclasses
import statistics

import contestants
import database
import process

CONCURRENCY = 32


def measure(world, rounds, only, say):
    """A list of dicts, repopipe's default engine first."""
    everyone = contestants.contestants(world.build, rounds, only)
    results = {each.key: new_result(each) for each in everyone}
    tables = empty_tables(world)
    reference = None
    for each in everyone:
        if each.missing():
            continue
        say(f"rows and memory: {each.name}")
        path, first = run_once(world, each, tables, looks_at_memory=True)
        results[each.key]["peak_mb"] = first["peak_mb"]
        if reference is None:
            reference = path
            continue
        database.check_same(reference, path, each.name)
        database.remove(path)
    for number in range(rounds):
        for each in everyone:
            if number >= each.rounds or each.missing():
                continue
            say(f"round {number + 1} of {rounds}: {each.name}")
            path, sample = run_once(world, each, tables)
            results[each.key]["samples"].append(sample)
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
    command = contestants.repopipe(world.build / "repopipe")(work)
    process.run(command, world.folder / "contestant.log")
    database.copy_schema(filled, empty)
    database.remove(filled)
    return empty


def new_result(contestant):
    return {
        "key": contestant.key,
        "name": contestant.name,
        "bars": [dataclasses.asdict(bar) for bar in contestant.bars],
        "missing": " ".join(contestant.missing()),
        "peak_mb": None,
        "samples": [],
    }


def run_once(world, contestant, tables, looks_at_memory=False):
    path = world.new_database()
    work = contestants.Work(
        world.simulator.url, world.simulator.logins, CONCURRENCY, world.folder, path, tables
    )
    with contestant.beside(work) as others:
        busy, others_busy = world.simulator.cpu(), others.cpu()
        log = world.folder / "contestant.log"
        used = process.run(contestant.command(work), log, looks_at_memory)
        busy, others_busy = world.simulator.cpu() - busy, others.cpu() - others_busy
        others_mb = others.memory_mb()
    sample = {
        "wall": used.wall,
        "cpu": used.cpu + others_busy,
        "peak_mb": used.peak_mb + others_mb,
        "simulator_share": busy / used.wall,
        "repos": database.counts(path)["repos"],
    }
    return path, sample


def summarize(results):
    """Medians, and repopipe's speed against each."""
    for result in results:
        for key in ("wall", "cpu", "simulator_share", "repos"):
            values = [sample[key] for sample in result["samples"]]
            result[key] = statistics.median(values) if values else None
    walls = {result["key"]: result["wall"] for result in results}
    for result in results:
        wall = result["wall"]
        result["ratio"] = wall / results[0]["wall"] if wall else None
        for bar in result["bars"]:
            judge(bar, wall, walls.get(bar["against"]))
    return results


def judge(bar, wall, other):
    bar["ratio"] = bar["ok"] = None  # as long as one of them was not measured
    if wall and other:
        bar["ratio"] = wall / other
        kept = bar["ratio"] <= bar["limit"] if bar["most"] else bar["ratio"] >= bar["limit"]
        bar["ok"] = kept
