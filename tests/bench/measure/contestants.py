"""The programs that are compared, and how each is started."""

import importlib.util
import json
import os
import pathlib
import shutil
import sys
from dataclasses import dataclass
from typing import Callable, Optional

PYTHON_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "python"


@dataclass
class Work:
    """What a contestant is asked to do."""

    url: str
    logins: pathlib.Path
    concurrency: int
    folder: pathlib.Path
    database: pathlib.Path
    tables: Optional[pathlib.Path] = None  # an empty database, for those that make none


@dataclass
class Bar:
    """How the wall times shall compare."""

    limit: float
    slower: bool = True  # it takes `limit` times as long as repopipe; else repopipe at most that


@dataclass
class Contestant:
    name: str
    command: Callable
    rounds: int
    bar: Optional[Bar] = None
    needs: str = ""  # Python module
    package: str = ""  # the Debian package that has it

    def is_available(self):
        return not self.needs or importlib.util.find_spec(self.needs) is not None


def job_file(work, engine):
    """Limits off: it is the program that is measured, not GitHub's pace."""
    job = {
        "name": "bench",
        "source": {"usernames_file": str(work.logins)},
        "provider": {"base_url": work.url},
        "fetch": {"engine": engine, "concurrency": work.concurrency},
        "store": {"database": str(work.database)},
        "limits": {"concurrent": 0, "requests_per_minute": 0, "response_seconds_per_minute": 0},
    }
    path = work.folder / f"{engine}.json"
    path.write_text(json.dumps(job))
    return path


def repopipe(build, engine):
    return lambda work: [build / "repopipe", "run", job_file(work, engine), "--quiet"]


def program(command):
    def start(work):
        shutil.copyfile(work.tables, work.database)
        return [*command, work.url, work.logins, work.concurrency, work.database]

    return start


def python(name):
    return program([sys.executable, PYTHON_FOLDER / f"{name}.py"])


def pool(work):
    """What it does costs CPU time, so more than a few processes a core only cost memory."""
    work.concurrency = min(work.concurrency, 2 * (os.cpu_count() or 1))
    return python("multiprocessing_pool")(work)


def contestants(build, rounds):
    few = max(1, rounds // 2)
    requests = {"needs": "requests", "package": "python3-requests"}
    aiohttp = {"needs": "aiohttp", "package": "python3-aiohttp"}
    return [
        Contestant("repopipe, event_loop", repopipe(build, "event_loop"), rounds),
        Contestant("repopipe, threads", repopipe(build, "threads"), rounds),
        Contestant("bare loop", program([build / "bare_loop"]), rounds, Bar(1.3, slower=False)),
        Contestant("asyncio + aiohttp", python("asyncio_aiohttp"), few, Bar(5), **aiohttp),
        Contestant("multiprocessing pool", pool, few, Bar(5), **requests),
        Contestant("threads + requests", python("threads_requests"), few, Bar(12), **requests),
        Contestant("sequential requests", python("sequential_requests"), 1, **requests),
    ]
