"""A Redis server for one contestant: its own port and folder, in memory only."""

import pathlib
import socket
import subprocess
import tempfile

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

    def asking(self, command):
        """How many clients sent this one last; in lower case."""
        clients = (client.split() for client in self._ask("CLIENT LIST"))
        return sum(f"cmd={command}" in words for words in clients)

    def _start(self):
        log = pathlib.Path(self._folder.name) / "redis.log"
        for _ in range(TIMES):
            self._port = free_port()
            command = ["redis-server", "--port", self._port, "--dir", self._folder.name, *OPTIONS]
            with open(log, "wb") as output:
                self._process = subprocess.Popen(
                    [str(word) for word in command], stdout=output, stderr=output
                )
            try:
                if process.wait_until(self._is_ready, PATIENCE_SECONDS, self._process):
                    return
            except BaseException:
                process.end(self._process)
                raise
        raise process.ProgramFailed(f"redis-server did not start:\n{log.read_text()[-2000:]}")

    def _is_ready(self):
        """Whether it is this server that answers on the port, and not another program's."""
        try:
            return f"process_id:{self.pid}" in self._ask("INFO server")
        except (OSError, ValueError):
            return False

    def _ask(self, question):
        """The lines of its answer, which comes as a size and so much text."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
            connection.sendall(f"{question}\r\n".encode())
            with connection.makefile("rb") as reply:
                size = int(reply.readline().removeprefix(b"$"))
                return reply.read(size).decode().splitlines()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
