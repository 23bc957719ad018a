"""Measures everything against one simulator and prints it; scripts/bench starts this."""

import argparse
import itertools
import json
import pathlib
import signal
import sys
import tempfile

import contestants
import docs
import hostile_page
import large_user
import latency
import machine
import million
import process
import report
import simulator
import startup
import throughput

ROOT = pathlib.Path(__file__).resolve().parents[3]
ACCOUNTS = 2000
MANY_ACCOUNTS = 10_000
SLOW = ("--latency", f"{latency.SECONDS * 1000:.0f}ms")
QUICK_ACCOUNTS = 300
KEYS = [each.key for each in contestants.contestants(ROOT, rounds=1)]


class World:
    """What every measurement works with: the programs, a scratch folder, a server."""

    def __init__(self, build, folder):
        self.build = build
        self.folder = folder
        self.accounts = 0
        self.simulator = None
        self.simulator_program = build / "repopipe-simulator"
        self._numbers = itertools.count(1)

    def new_database(self):
        return self.folder / f"{next(self._numbers)}.db"

    def serve(self, accounts, *options):
        self.accounts = accounts
        options = ["--warm", "--accounts", accounts, *options]
        name = f"world-{next(self._numbers)}"
        self.simulator = simulator.Simulator(self.simulator_program, self.folder, name, options)
        return self.simulator


def options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures repopipe against the bars of docs/benchmarks.md.",
    )
    parser.add_argument("--quick", action="store_true", help="one round over 300 users")
    parser.add_argument("--rounds", type=int, default=5, help="of the fast programs (default 5)")
    parser.add_argument(
        "--only",
        metavar="NAMES",
        type=names,
        default=(),
        help="compare only these with event_loop, comma-separated: " + ", ".join(KEYS),
    )
    parser.add_argument("--million", action="store_true", help="a million accounts too")
    parser.add_argument("--json", metavar="FILE", help="write every sample there")
    parser.add_argument("--write-docs", action="store_true", help="renew docs/benchmarks.md")
    parser.add_argument("--build", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--micro", action="store_true", help="run the microbenchmarks only")
    return parser.parse_args()


def names(text):
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(KEYS):
        raise argparse.ArgumentTypeError(f"no such program: {', '.join(sorted(unknown))}")
    return chosen


def say(line):
    print(line, file=sys.stderr, flush=True)


def measure(args, folder):
    world = World(args.build, folder)
    accounts = QUICK_ACCOUNTS if args.quick else ACCOUNTS
    rounds = 1 if args.quick else max(1, args.rounds)
    results = {
        "options": "one round (--quick)" if args.quick else f"{rounds} alternating rounds",
        "machine": machine.describe(args.build),
    }
    with world.serve(accounts):
        results["throughput"] = throughput.measure(world, rounds, args.only, say)
        results["startup"] = startup.measure(world, say)
        large = large_user.find(world)
        results["hostile_page"] = hostile_page.measure(world, large, args.only, say)
    with world.serve(accounts, *SLOW):
        results["latency"] = latency.measure(world, False, args.only, say)
        results["large_user"] = large_user.measure(world, large, args.only, say)
    if not args.quick:
        with world.serve(MANY_ACCOUNTS, *SLOW):
            results["latency"] += latency.measure(world, True, args.only, say)
    if args.million:
        results["million"] = million.measure(world, say)
    results["world"] = {"users": accounts, "repos": int(results["throughput"][0]["repos"])}
    return results


def main():
    args = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="repopipe-bench-") as folder:
        results = measure(args, pathlib.Path(folder))
    text = report.text(results)
    print(text, end="")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(results, indent=2) + "\n")
    if args.write_docs:
        docs.write(ROOT / "docs" / "benchmarks.md", text)
    missed = report.missed(results)
    say(f"{missed} bars missed" if missed else "every bar kept")


try:
    main()
except process.ProgramFailed as failure:
    sys.exit(f"scripts/bench: {failure}")
except KeyboardInterrupt:
    sys.exit(130)
