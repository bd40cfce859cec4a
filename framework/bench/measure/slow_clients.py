"""H3 beside nginx under clients that are slow: memory, and how long another client waits meanwhile.

Called by scripts/bench-slow-clients. Exit codes: 0 measured; 2 wrong usage; 3 could not measure.
"""
import argparse
import contextlib
import json
import os
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import machine
from .catalogue import Entry, catalogue
from .markdown import mib, table
from .paths import WORK
from .progress import Progress
from .server import Server, ServerFailed, free_port

FILE_BYTES = 16 << 20
UPLOAD_BYTES = 1 << 20           # H3's limit of a body
UPLOAD_END_BYTES = 64 << 10
READ_BYTES_PER_SECOND = 64 << 10  # these two are above H3's minimum rates
UPLOAD_BYTES_PER_SECOND = 400
RECEIVE_BUFFER_BYTES = 16 << 10  # else the kernel takes megabytes for a client that does not read
MAX_SECONDS = 60                 # of a cell: then the uploads' end would come
TITLES = {"h3": "**H3**", "h3-io_uring": "**H3** on io_uring", "nginx": "nginx"}
_PAUSE_SECONDS = 0.05
_SETTLE_SECONDS = 1.0


class ClientsLost(Exception):
    """A server closed connections that it should have kept: what was measured is not what was meant."""


@dataclass(frozen=True)
class Waiting:
    """How long a client waited that asked for plaintext again and again."""

    median_us: float
    p99_us: float
    requests: int


@dataclass(frozen=True)
class Sample:
    resident_bytes: int  # the most that was seen
    waiting: Waiting


def connect(port: int) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", port))
    return connection


def request(method: str, path: str, fields: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode()


class SlowClients:
    """Connections that move a little each _PAUSE_SECONDS, from a thread of their own for all of them."""

    def __init__(self, port: int, clients: int):
        self._connections = [connect(port) for _ in range(clients)]
        self._lost = 0
        self._stop = threading.Event()
        for each in self._connections:
            self._begin(each)
            each.setblocking(False)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _begin(self, connection: socket.socket) -> None:
        raise NotImplementedError

    def _move(self, connection: socket.socket) -> None:
        """Raises OSError when the server has closed."""
        raise NotImplementedError

    def _run(self) -> None:
        while not self._stop.wait(_PAUSE_SECONDS):
            for each in self._connections:
                try:
                    self._move(each)
                except BlockingIOError:
                    pass
                except OSError:
                    self._lost += 1

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        for each in self._connections:
            each.close()
        if self._lost:
            raise ClientsLost("connections of slow clients were closed")


class SlowReaders(SlowClients):
    """Each asks for the large file and takes READ_BYTES_PER_SECOND of it."""

    def _begin(self, connection: socket.socket) -> None:
        connection.sendall(request("GET", "/static/large.bin"))

    def _move(self, connection: socket.socket) -> None:
        if not connection.recv(int(READ_BYTES_PER_SECOND * _PAUSE_SECONDS)):
            raise ConnectionResetError


class SlowUploads(SlowClients):
    """Each sends a body but for its end, which follows at UPLOAD_BYTES_PER_SECOND."""

    def _begin(self, connection: socket.socket) -> None:
        head = request("POST", "/echo", f"Content-Length: {UPLOAD_BYTES}\r\n")
        connection.sendall(head + bytes(UPLOAD_BYTES - UPLOAD_END_BYTES))

    def _move(self, connection: socket.socket) -> None:
        connection.send(bytes(int(UPLOAD_BYTES_PER_SECOND * _PAUSE_SECONDS)))


def waiting_of(waits_us: list[float]) -> Waiting:
    """At least one."""
    ordered = sorted(waits_us)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return Waiting(statistics.median(ordered), p99, len(ordered))


def probe(port: int, seconds: float) -> Waiting:
    """One request at a time on one connection, a millisecond apart."""
    asked = request("GET", "/plaintext")
    waits = []
    with connect(port) as connection:
        end = time.monotonic() + seconds
        while time.monotonic() < end or not waits:
            start = time.perf_counter()
            connection.sendall(asked)
            received = b""
            while not received.endswith(b"Hello, World!"):
                more = connection.recv(4096)
                if not more:
                    raise ClientsLost("the connection of the client that is timed was closed")
                received += more
            waits.append(1e6 * (time.perf_counter() - start))
            time.sleep(0.001)
    return waiting_of(waits)


def _probe_in_child(port: int, seconds: float) -> Waiting:
    """In a process of its own: the threads of the slow clients would take its time."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(Exception), os.fdopen(theirs, "w") as result:
            json.dump(probe(port, seconds).__dict__, result)
            code = 0
        os._exit(code)
    os.close(theirs)
    with os.fdopen(ours) as result:
        text = result.read()
    os.waitpid(child, 0)
    if not text:
        raise ClientsLost("the client that is timed was not served")
    return Waiting(**json.loads(text))


def _measure(server: Server, seconds: float) -> Sample:
    time.sleep(_SETTLE_SECONDS)
    most = server.resident_bytes()
    stop = threading.Event()

    def watch() -> None:
        nonlocal most
        while not stop.wait(0.1):
            most = max(most, server.resident_bytes())
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        waiting = _probe_in_child(server.address, seconds)
    finally:
        stop.set()
        watcher.join()
    return Sample(most, waiting)


@contextlib.contextmanager
def _load(clients: SlowClients) -> Iterator[None]:
    try:
        yield
    finally:
        clients.close()


def measure_server(entry: Entry, clients: int, seconds: float, folder: Path) -> dict[str, Sample]:
    port = free_port()
    more = ("--static", str(folder))
    with Server(entry.name, entry.command(port, *more), port, sorted(os.sched_getaffinity(0)),
                folder / f"{entry.name}.log") as server:
        samples = {"alone": _measure(server, seconds)}
        with _load(SlowReaders(port, clients)):
            samples["slow_readers"] = _measure(server, seconds)
        with _load(SlowUploads(port, clients)):
            samples["slow_uploads"] = _measure(server, seconds)
        return samples


def _us(waiting: Waiting) -> str:
    return f"{waiting.median_us:,.0f}, {waiting.p99_us:,.0f}"


def page(result: dict) -> str:
    about = result["machine"]
    head = ["server", "RSS alone", "waits", "RSS, slow readers", "waits", "RSS, slow uploads", "waits"]
    rows = [[title, *(cell for key in ("alone", "slow_readers", "slow_uploads")
                      for cell in (mib(samples[key].resident_bytes), _us(samples[key].waiting)))]
            for title, samples in result["servers"].items()]
    return (f"{about['date']}, commit {about['commit']}. {about['cpu']}, {about['cores']} cores ({about['virtual']}), "
            f"Linux {about['kernel']}. Load before the run {about['load_before']:.1f}. {result['clients']} clients, "
            f"{result['seconds']:g} s a cell; waits in microseconds, median and p99.\n\n" + table(head, rows))


def _plain(result: dict) -> dict:
    servers = {title: {key: {"resident_bytes": sample.resident_bytes, **sample.waiting.__dict__}
                       for key, sample in samples.items()} for title, samples in result["servers"].items()}
    return {**result, "servers": servers}


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"found {text}, expected more than 0 and at most {MAX_SECONDS}")
    return value


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench-slow-clients", description="H3 and nginx under slow clients")
    parser.add_argument("--clients", type=int, default=100, choices=range(1, 201), metavar="1..200")
    parser.add_argument("--seconds", type=_seconds, default=3.0, help="of each cell")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    return parser.parse_args()


def main() -> int:
    options = _parse()
    progress = Progress()
    entries = [entry for entry in catalogue() if entry.name in TITLES]
    result = {"schema": "h3.slow_clients/1", "machine": machine.describe(), "clients": options.clients,
              "seconds": options.seconds, "servers": {}}
    folder = WORK / "slow_clients"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "large.bin", "wb") as file:
        file.truncate(FILE_BYTES)
    try:
        for number, entry in enumerate(entries):
            title = TITLES[entry.name]
            left = (len(entries) - number) * 3 * (options.seconds + _SETTLE_SECONDS)
            progress.phase(f"{title}, about {left:.0f} s left")
            if not entry.available():
                progress.note(f"left out: {title}: {entry.missing}")
                continue
            try:
                result["servers"][title] = measure_server(entry, options.clients, options.seconds, folder)
            except (ServerFailed, ClientsLost, OSError) as error:
                progress.note(f"could not measure {title}: {error}")
                if entry.name == "h3":
                    return 3
    except KeyboardInterrupt:
        return 130
    finally:
        (folder / "large.bin").unlink()
    print(json.dumps(_plain(result), indent=2) if options.json else page(result).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
