"""What one user costs: repopipe against the same request by hand with curl and sqlite3."""

import shutil
import statistics

import contestants
import database
import process

TIMES = 20
MOST_SECONDS = 0.050

# The shell script gets the address, the database and a file for the page.
BY_HAND = """
curl --silent --fail --compressed "$1" > "$3" &&
sqlite3 "$2" "
  CREATE TABLE repos (id INTEGER PRIMARY KEY, full_name, stargazers_count, pushed_at, json);
  INSERT INTO repos SELECT value->>'id', value->>'full_name', value->>'stargazers_count',
                           value->>'pushed_at', value
  FROM json_each(readfile('$3'));"
"""


def measure(world, say):
    if not shutil.which("curl") or not shutil.which("sqlite3"):
        return {"missing": "curl sqlite3"}
    say(f"one user, {TIMES} times each: repopipe, and curl with sqlite3")
    login = world.simulator.logins.read_text().split()[0]
    logins = world.folder / "one.logins"
    logins.write_text(login + "\n")
    walls = {"new": [], "again": [], "hand": []}
    kept = world.new_database()
    for number in range(TIMES + 1):
        sample = {
            "new": ours(world, logins, world.new_database()),
            "again": ours(world, logins, kept),
            "hand": by_hand(world, login, world.new_database()),
        }
        if number == 0:
            continue  # programs and libraries come from disk
        for name, wall in sample.items():
            walls[name].append(wall)
    database.remove(kept)
    result = {name: statistics.median(each) for name, each in walls.items()}
    result["more"] = max(result["new"], result["again"]) - result["hand"]
    result["ok"] = result["more"] < MOST_SECONDS
    return result


def ours(world, logins, path):
    work = contestants.Work(world.simulator.url, logins, 8, world.folder, path)
    command = contestants.repopipe(world.build / "repopipe")(work)
    return process.run(command, world.folder / "contestant.log").wall


def by_hand(world, login, path):
    url = f"{world.simulator.url}/users/{login}/repos?type=owner&sort=full_name&per_page=100&page=1"
    command = ["sh", "-c", BY_HAND, "sh", url, path, world.folder / "page.json"]
    wall = process.run(command, world.folder / "contestant.log").wall
    database.remove(path)
    return wall
