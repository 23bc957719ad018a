"""The programs that are compared, and how each is started."""

import importlib.util
import json
import os
import pathlib
import shutil
import sys
from dataclasses import dataclass
from typing import Callable, Optional, Tuple

import beside

PYTHON_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "python"
PACKAGES = {  # Debian's, of Python modules
    "aiohttp": "python3-aiohttp",
    "celery": "python3-celery",
    "redis": "python3-redis",
    "requests": "python3-requests",
}
WORKERS = 2  # of each queue, and processes of repopipe


@dataclass
class Work:
    """What a contestant is asked to do."""

    url: str
    logins: pathlib.Path
    concurrency: int
    folder: pathlib.Path
    database: pathlib.Path
    tables: Optional[pathlib.Path] = None  # an empty database, for those that make none
    queue: str = ""  # address of the Redis server, if one runs beside


@dataclass
class Bar:
    """What a contestant's wall time shall be, divided by that of another."""

    limit: float
    most: bool = False  # at most the limit; else at least
    against: str = "event_loop"  # key of the other


@dataclass
class Contestant:
    key: str
    name: str
    command: Callable  # of a Work
    rounds: int
    bars: Tuple[Bar, ...] = ()
    modules: Tuple[str, ...] = ()
    beside: Callable = beside.nothing  # a context manager over a Work
    programs: Tuple[str, ...] = ()  # named like their Debian packages

    def missing(self):
        """Debian packages."""
        modules = [PACKAGES[each] for each in self.modules if not importlib.util.find_spec(each)]
        return modules + [each for each in self.programs if not shutil.which(each)]


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


def repopipe(program, engine="event_loop", **execution):
    """`execution` maps keys of that section to values, or to functions of a Work."""

    def start(work):
        command = [program, "run", job_file(work, engine), "--quiet"]
        for key, value in execution.items():
            command += ["--set", f"execution.{key}={value(work) if callable(value) else value}"]
        return command

    return start


def repopipe_workers(program):
    return lambda work: WORKERS * [
        [program, "worker", "--queue", work.queue, "--base-url", work.url, "--quiet"]
    ]


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


def celery(pages_a_task):
    def start(work):
        variables = [f"REDIS_URL={work.queue}", f"PAGES_A_TASK={pages_a_task}"]
        return ["env", *variables, *python("celery_redis")(work)]

    return start


def celery_workers(work):
    """Each with a process of Celery's usual pool."""
    application = [sys.executable, "-m", "celery", "--workdir", PYTHON_FOLDER, "-A", "celery_tasks"]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    options = ["worker", "--concurrency", 1, "--loglevel", "WARNING", *alone]
    command = ["env", f"REDIS_URL={work.queue}", *application, *options]
    return [[*command, "--hostname", f"{number}@%h"] for number in range(1, WORKERS + 1)]


def ways(build, rounds=1, only=(), name="repopipe"):
    """How repopipe works side by side: its default, and those whose keys are in `only`, or all."""
    program = build / name
    queue = {
        "beside": beside.queue(repopipe_workers(program), asks="SMEMBERS"),
        "programs": ("redis-server",),
    }
    everyone = [
        Contestant("event_loop", "repopipe, event_loop", repopipe(program), rounds),
        Contestant("threads", "repopipe, threads", repopipe(program, "threads"), rounds),
        Contestant(
            "processes", f"repopipe, {WORKERS} processes", repopipe(program, processes=WORKERS),
            rounds, (Bar(1.15, most=True),),
        ),
        Contestant(
            "queue", f"repopipe, queue of {WORKERS}",
            repopipe(program, queue=lambda work: work.queue), rounds, **queue,
        ),
    ]
    return [each for each in everyone if not only or each.key in only or each is everyone[0]]


def references(build, rounds, only=()):
    """What repopipe is measured by."""
    few = max(1, rounds // 2)
    requests = {"modules": ("requests",)}
    queue = {
        "modules": ("celery", "redis", "requests"),
        "beside": beside.queue(celery_workers, asks="BRPOP"),
        "programs": ("redis-server",),
    }
    everyone = [
        Contestant(
            "bare", "bare loop", program([build / "bare_loop"]), rounds, (Bar(1),)
        ),
        Contestant(
            "aiohttp", "asyncio + aiohttp", python("asyncio_aiohttp"), few, (Bar(5),),
            modules=("aiohttp",),
        ),
        Contestant("pool", "multiprocessing pool", pool, few, (Bar(5),), **requests),
        Contestant(
            "requests", "threads + requests", python("threads_requests"), few, (Bar(8),),
            **requests,
        ),
        Contestant(
            "celery", "Celery + Redis", celery(1), few, (Bar(10, against="queue"),),
            **queue,
        ),
        Contestant("celery10", "Celery, 10 pages/task", celery(10), few, **queue),
        Contestant(
            "sequential", "sequential requests", python("sequential_requests"), 1, **requests
        ),
    ]
    return [each for each in everyone if not only or each.key in only]


def contestants(build, rounds, only=()):
    return ways(build, rounds, only) + references(build, rounds, only)
