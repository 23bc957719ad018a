"""Runs a program and says what it used."""

import contextlib
import os
import pathlib
import resource
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

SAMPLE_SECONDS = 0.05
PATIENCE_SECONDS = 10


class ProgramFailed(Exception):
    pass


@dataclass
class Usage:
    wall: float  # seconds
    cpu: float  # seconds, children included
    peak_mb: float  # children included, memory that they share counts once; 0: not looked at
    output: str
    exit_code: int  # negative: the number of the signal that ended it


def run(command, log, looks_at_memory=False, may_fail=False):
    """Waits for `command`; what it says on stderr goes to the file `log`.

    To look at the memory of several processes takes time that they would have had.
    """
    with open(log, "wb") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=errors
        )
        sampler = PeakSampler(process.pid) if looks_at_memory else None
        try:
            output = process.stdout.read().decode()
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:  # told to stop
            process.kill()
            raise
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    peak = sampler.stop(used.ru_maxrss) if sampler else 0
    if process.returncode != 0 and not may_fail:
        last = pathlib.Path(log).read_text(errors="replace")[-2000:]
        raise ProgramFailed(f"{command[0]} ended with {process.returncode}:\n{last}{output[-500:]}")
    cpu = used.ru_utime + used.ru_stime
    return Usage(wall, cpu, peak / 1024, output, process.returncode)


@contextlib.contextmanager
def patience(seconds, *processes):
    """Ends all of `processes` when the block takes longer, so that no read of their output hangs."""
    timer = threading.Timer(seconds, lambda: [each.kill() for each in processes])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def end(process):
    """Asks it to end, and sees to it that neither it nor its children stay."""
    if process.poll() is not None:
        return
    children = children_of(process.pid)
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class PeakSampler:
    """The most memory that a process and its children had, in KiB, by looking again and again."""

    def __init__(self, pid):
        self._pid = pid
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self, max_rss):
        self._over.set()
        self._thread.join()
        # The kernel's figure of the process is exact, but never below this program's own.
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return max(self._peak, max_rss if max_rss > 1.1 * own else 0)

    def _work(self):
        while not self._over.wait(SAMPLE_SECONDS):
            try:
                self._peak = max(self._peak, memory_of(self._pid))
            except (OSError, ValueError, IndexError):
                pass  # it has just ended


def memory_of(pid):
    children = children_of(pid)
    if not children:
        return field_of(f"/proc/{pid}/status", "VmHWM:")
    return sum(shared_out_memory_of(each) for each in [pid, *children])


def shared_out_memory_of(pid):
    """In KiB; what it shares with others counts in part.  Nothing for a process that has just ended."""
    try:
        return field_of(f"/proc/{pid}/smaps_rollup", "Pss:")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children_of(pid):
    """Of all its threads."""
    lists = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for each in lists for word in each.read_text().split()]


def field_of(path, name):
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.startswith(name):
                return int(line.split()[1])
    return 0


def cpu_seconds_of(pid):
    """User and system time so far, that of children that have ended included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
