"""What runs beside a contestant while it is timed: a Redis server and the workers of its queue."""

import contextlib
import subprocess

import process
import redis_server

PATIENCE_SECONDS = 30


class Beside:
    """The programs beside, by their process ids."""

    def __init__(self, pids):
        self._pids = pids

    def cpu(self):
        """Seconds so far."""
        return sum(process.cpu_seconds_of(pid) for pid in self._everyone())

    def memory_mb(self):
        return sum(process.memory_of(pid) for pid in self._pids) / 1024

    def _everyone(self):
        for pid in self._pids:
            yield pid
            yield from process.children_of(pid)


@contextlib.contextmanager
def nothing(_):
    yield Beside([])


def queue(worker_commands, asks):
    """A context manager over a Work: a server, and the workers, all of them ready.

    `worker_commands` makes their commands for a Work whose `queue` is set.  `asks` is the Redis
    command with which a worker without work looks for some, in upper case.
    """

    @contextlib.contextmanager
    def started(work):
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(redis_server.RedisServer())
            work.queue = server.url
            with server.watched(PATIENCE_SECONDS) as asked:
                workers = [
                    stack.enter_context(worker(command, work.folder / f"worker-{number}.log"))
                    for number, command in enumerate(worker_commands(work), start=1)
                ]
                if not all_ask(asked, asks, len(workers)):
                    raise process.ProgramFailed(f"no workers:\n{last_words(work.folder)}")
            yield Beside([server.pid, *(each.pid for each in workers)])

    return started


def all_ask(asked, command, count):
    """Whether so many clients sent the command before the end of what was asked."""
    clients = set()
    for client, word in asked:
        if word == command:
            clients.add(client)
        if len(clients) == count:
            return True
    return False


@contextlib.contextmanager
def worker(command, log):
    with open(log, "wb") as output:
        started = subprocess.Popen([str(word) for word in command], stdout=output, stderr=output)
    try:
        yield started
    finally:
        process.end(started)


def last_words(folder):
    return "\n".join(log.read_text(errors="replace")[-1000:] for log in folder.glob("worker-*.log"))
