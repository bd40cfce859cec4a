"""User instructions per request of an unmodified program, by valgrind's callgrind.

In lock-step, one connection with a pause before each request: each is a wake-up of its own, whatever else the machine
does, so the count repeats. In a crowd, as many connections as in the rounds: a wake-up serves all that have asked
meanwhile, as on a busy server; how many those are varies, and the count with them by a percent or two. Only the
server's own instructions count, not the kernel's.
"""
import contextlib
import http.client
import re
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from . import client
from .client import Request
from .paths import BIN, WORK
from .rounds import CONNECTIONS
from .server import Server, free_port

_PAUSE_US = 300


@dataclass(frozen=True)
class RequestKind:
    key: str
    title: str
    column: str  # of the rounds; it decides which servers take part
    request: Request


LOCKSTEP = [
    RequestKind("plaintext_1_header", "plaintext, 1 header", "plaintext", Request("/plaintext", pause_us=_PAUSE_US)),
    RequestKind("plaintext_10_headers", "plaintext, 10 headers", "plaintext",
                Request("/plaintext", headers=10, pause_us=_PAUSE_US)),
    RequestKind("json", "JSON", "json", Request("/json", pause_us=_PAUSE_US)),
    RequestKind("users", "/users/:id", "users", Request("/users/42", pause_us=_PAUSE_US)),
    RequestKind("echo_1k", "echo 1 KiB", "echo_1k", Request("/echo", body_bytes=1024, pause_us=_PAUSE_US)),
]
CROWD = [replace(kind, key=f"{kind.key}_crowd", request=replace(kind.request, connections=CONNECTIONS, pause_us=0))
         for kind in LOCKSTEP]


def parse_totals(profile: str) -> int:
    """Instructions of one part, from callgrind's output file."""
    found = re.search(r"^totals: (\d+)$", profile, re.MULTILINE)
    if found is None:
        raise ValueError("callgrind wrote no totals: was the program ended by force?")
    return int(found.group(1))


@contextlib.contextmanager
def _under_callgrind(name: str, command, options: list[str], cores: list[int]) -> Iterator[tuple[Server, Path]]:
    """The server, and the file that callgrind writes when it ends."""
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="callgrind-", dir=WORK) as folder:
        profile, port = Path(folder) / "out", free_port()
        # nginx is started by a script; what the script itself calls is not looked into.
        wrapped = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={profile}", *options,
                   "--trace-children=yes", "--trace-children-skip=*/dirname,*/mkdir,*/sed", *command(port)]
        with Server(name, wrapped, port, cores, Path(folder) / "log") as server:
            yield server, profile


def by_difference(name: str, command, request: Request, cores: list[int]) -> float:
    """For any program: it runs twice, for few requests and for many; its start and its end cancel out but for some
    hundred thousand instructions, so this is good to some tens of instructions a request.

    command: from a port to the program and its arguments.
    """
    few, many = 300, 1300

    def run(requests: int) -> int:
        with _under_callgrind(name, command, [], cores) as (server, profile):
            client.lockstep(server.address, request, requests)
            server.stop()
            return parse_totals(profile.read_text())
    return (run(many) - run(few)) / (many - few)


class CountedH3:
    """h3-demo under callgrind, which writes a part whenever /metrics is requested: exact to a few instructions.

    The part between two /metrics holds the requests between them and one /metrics, whose own cost is that of the next
    part, without requests. Not one measured once and for all: a page of metrics gets longer with each route that was
    used, and the first ones resolve symbols.

    Threads are counted apart, and callgrind writes the part of the one that came to the mark: the worker. What other
    threads do goes by the clock and not by the requests (the monitor's looks at all routes twice a second): under load
    it is next to nothing a request, and on a slow machine much. Both mistakes together were 450 of 3,270.
    """

    _DUMP_AT = "h3::Monitor::openMetrics*"
    _REQUESTS = 400
    _PARTS = 5  # the median of them counts, since now and then the machine holds the server up

    def __init__(self, server: Server, profile: Path, cores: list[int]):
        self._server, self._profile, self._cores = server, profile, cores
        self._parts = 0

    def per_request(self, request: Request) -> float:
        with client.held(self._server.address, request, self._cores) as connection:
            connection.run(self._REQUESTS)  # warm
            self._end_part()
            self._end_part()

            def part() -> float:
                connection.run(self._REQUESTS)
                return (self._end_part() - self._end_part()) / self._REQUESTS
            return statistics.median(part() for _ in range(self._PARTS))

    def _end_part(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.address, timeout=30)
        connection.request("GET", "/metrics")
        connection.getresponse().read()
        connection.close()
        self._parts += 1
        parts = list(self._profile.parent.glob(f"{self._profile.name}.{self._parts}-*"))
        if len(parts) != 1:
            raise ValueError(f"callgrind wrote {len(parts)} parts at {self._DUMP_AT}, not one: is that still what "
                             "/metrics calls, and on one thread?")
        return parse_totals(parts[0].read_text())


@contextlib.contextmanager
def counted_h3(cores: list[int]) -> Iterator[CountedH3]:
    def command(port: int) -> list[str]:
        return [str(BIN / "h3-demo"), "--port", str(port)]
    options = ["--separate-threads=yes", f"--dump-before={CountedH3._DUMP_AT}"]
    with _under_callgrind("h3-demo", command, options, cores) as (server, profile):
        yield CountedH3(server, profile, cores)
