"""A Redis server for one contestant: its own port and folder, in memory only."""

import contextlib
import socket
import subprocess
import tempfile
import threading

import process

PATIENCE_SECONDS = 10
TIMES = 5  # another program may take the port that was free
OPTIONS = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]


class RedisServer:
    """Serves while the `with` block lasts; it is ended by its process id."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="repopipe-bench-redis-")
        try:
            self._start()
        except BaseException:
            self._folder.cleanup()
            raise
        return self

    def __exit__(self, *_):
        process.end(self._process)
        self._folder.cleanup()

    @property
    def pid(self):
        return self._process.pid

    @property
    def url(self):
        return f"redis://127.0.0.1:{self._port}/0"

    @contextlib.contextmanager
    def watched(self, seconds):
        """Yields the client and the command, in upper case, of all that it is asked for so long."""
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall(b"MONITOR\r\n")
            over = threading.Timer(seconds, connection.shutdown, [socket.SHUT_RDWR])
            over.start()
            try:
                with connection.makefile("r", errors="replace") as lines:
                    lines.readline()  # it agrees
                    yield map(client_and_command, lines)
            finally:
                over.cancel()

    def _start(self):
        for _ in range(TIMES):
            self._port = free_port()
            command = ["redis-server", "--port", self._port, "--dir", self._folder.name, *OPTIONS]
            self._process = subprocess.Popen(
                [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            try:
                said = self._read_until_ready()
            except BaseException:
                process.end(self._process)
                raise
            if said is None:
                return
            process.end(self._process)
        raise process.ProgramFailed(f"redis-server did not start:\n{said[-2000:]}")

    def _read_until_ready(self):
        """None once it is; what it said when it ended instead."""
        said = ""
        with process.patience(PATIENCE_SECONDS, self._process):
            for line in self._process.stdout:
                said += line.decode(errors="replace")
                if "Ready to accept connections" in said:
                    return None
        return said


def client_and_command(line):
    """Of a line like `1700000000.000000 [0 127.0.0.1:40000] "brpop" "tasks" "1"`."""
    _, _, client, command = line.split()[:4]
    return client, command.strip('"').upper()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
