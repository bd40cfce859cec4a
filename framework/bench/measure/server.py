"""A server that runs for a while: started on given cores, waited for, ended by its process id."""
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import process_usage


class ServerFailed(Exception):
    """The server ended, or did not listen in time. The text ends with its last lines."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_on(cores: list[int]):
    """For subprocess: pins the child and lets it open as many descriptors as the system allows."""
    def prepare() -> None:
        os.sched_setaffinity(0, cores)
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return prepare


class Server:
    """Use as a context manager: the server is ended, whatever happens."""

    def __init__(self, name: str, command: list[str], address, cores: list[int], log: Path):
        """address: a port on 127.0.0.1, or the path of a unix socket."""
        self.name = name
        self.address = address
        self._log = log
        self._process = None
        self._command = command
        self._cores = cores

    def __enter__(self) -> "Server":
        with open(self._log, "wb") as log:
            # In its own session: a Ctrl-C reaches this program, which ends it in order.
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True, preexec_fn=run_on(self._cores))
        try:
            self._wait_until_listening(seconds=20)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu_time(self) -> process_usage.CpuTime:
        return process_usage.cpu_time(self.pid)

    def resident_bytes(self) -> int:
        return process_usage.resident_bytes(self.pid)

    def connect(self) -> socket.socket:
        if isinstance(self.address, int):
            return socket.create_connection(("127.0.0.1", self.address), timeout=10)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(10)
        connection.connect(str(self.address))
        return connection

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, patience_seconds: float = 5) -> int | None:
        """Asks it to end, and insists after a while. Returns its exit code; None if it was never started."""
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(patience_seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)  # the leader of its own session, so only what it started
                self._process.wait()
        return None if self._process is None else self._process.returncode

    def last_lines(self, count: int) -> list[str]:
        """Of what it has printed."""
        return self._log.read_text(errors="replace").splitlines()[-count:]

    def _wait_until_listening(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise self._failure(f"ended with {self._process.returncode} before it listened")
            try:
                self.connect().close()
                return
            except OSError:
                time.sleep(0.02)
        raise self._failure(f"did not listen within {seconds:g} s")

    def _failure(self, what: str) -> ServerFailed:
        return ServerFailed("\n  ".join([f"{self.name} {what}: {' '.join(self._command)}", *self.last_lines(5)]))
