"""The simulator as a child process."""

import pathlib
import subprocess

import process


class Simulator:
    """Serves while the `with` block lasts; it is ended by its process id."""

    def __init__(self, program, folder, name, options):
        self._program = program
        self._options = [str(option) for option in options]
        self._log = pathlib.Path(folder) / f"{name}.log"
        self.logins = pathlib.Path(folder) / f"{name}.logins"
        self.url = ""

    def __enter__(self):
        world = [option for option in self._options if option != "--warm"]
        with open(self.logins, "wb") as logins:
            subprocess.run([self._program, *world, "--logins"], stdout=logins, check=True)
        with open(self._log, "wb") as log:
            # In a session of its own, and so in a group of its own for the scheduler: as a server
            # elsewhere, it does not answer the later the more threads its client has.
            self._process = subprocess.Popen(
                [self._program, *self._options],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_):
        self._end()

    def cpu(self):
        return process.cpu_seconds_of(self._process.pid)

    def _wait_until_ready(self):
        line = self._process.stdout.readline()  # ends when the simulator does
        if not line.startswith("listening on "):
            said = self._log.read_text()
            raise process.ProgramFailed(f"the simulator did not start:\n{said}")
        self.url = line.removeprefix("listening on ").strip()

    def _end(self):
        self._process.terminate()
        self._process.wait()
