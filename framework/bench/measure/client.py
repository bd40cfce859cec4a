"""bench-client, as functions: lock-step loads whose requests are counted exactly, and idle connections."""
import contextlib
import select
import subprocess
from dataclasses import dataclass

from .paths import BIN
from .process_usage import CpuTime
from .server import Server, run_on


_PATIENCE_SECONDS = 60  # no single step takes as long; a server that loses a request must not block the run


class ClientFailed(Exception):
    """The server closed, responded with another status than 200, or did not respond."""


@dataclass(frozen=True)
class Request:
    path: str = "/plaintext"
    headers: int = 1
    body_bytes: int = 0
    connections: int = 1
    pause_us: int = 0  # before each request, so that the server has gone to sleep

    def arguments(self) -> list[str]:
        return ["--path", self.path, "--headers", str(self.headers), "--body-bytes", str(self.body_bytes),
                "--connections", str(self.connections), "--pause-us", str(self.pause_us)]


def _command(how: str, address, request: Request) -> list[str]:
    where = ["--port", str(address)] if isinstance(address, int) else ["--unix", str(address)]
    return [str(BIN / "bench-client"), how, *where, *request.arguments()]


def lockstep(address, request: Request, requests: int) -> float:
    """Seconds that it took, connecting included."""
    try:
        done = subprocess.run([*_command("lockstep", address, request), "--requests", str(requests)],
                              capture_output=True, text=True, timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise ClientFailed(f"no response within {_PATIENCE_SECONDS} s") from error
    if done.returncode != 0:
        raise ClientFailed(done.stderr.strip())
    return float(done.stdout)


class HeldConnections:
    """Open connections that have each been used once; run() then loads them without connecting again."""

    def __init__(self, process: subprocess.Popen):
        self._process = process

    def run(self, requests: int) -> float:
        """Seconds that it took."""
        self._process.stdin.write(f"{requests}\n")
        self._process.stdin.flush()
        return self.read_seconds()

    def read_seconds(self) -> float:
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE_SECONDS)
        if not ready:
            raise ClientFailed(f"no response within {_PATIENCE_SECONDS} s")
        line = self._process.stdout.readline()  # it writes whole lines
        if not line:
            raise ClientFailed(self._process.stderr.read().strip())
        return float(line)


@contextlib.contextmanager
def held(address, request: Request, cores: list[int]):
    process = subprocess.Popen(_command("held", address, request), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=run_on(cores))
    try:
        connections = HeldConnections(process)
        connections.read_seconds()
        yield connections
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True)
class Cost:
    cpu: CpuTime
    requests: int

    @property
    def us_per_request(self) -> float:
        return self.cpu.total_ns / 1000 / self.requests


def cost_of(server: Server, request: Request, seconds: float, cores: list[int]) -> Cost:
    """CPU of the server per request, over about that many seconds, without connecting."""
    with held(server.address, request, cores) as connections:
        trial = max(request.connections, 20)
        requests = max(trial, int(trial * seconds / max(connections.run(trial), 1e-4)))
        before = server.cpu_time()
        connections.run(requests)
        return Cost(server.cpu_time() - before, requests)
