"""What bodies of any size cost H3 in memory: one that is large, and many that are slow.

Called by scripts/bench-streams. Exit codes: 0 measured; 2 wrong usage; 3 could not measure.
"""
import argparse
import json
import os
import socket
import sys
import time
from dataclasses import asdict, dataclass

from . import machine
from .markdown import mib, table
from .paths import BIN, WORK
from .progress import Progress
from .server import Server, ServerFailed, free_port

GIB = 1 << 30
_PIECE = bytes(1 << 20)
_SLOW_BODY_BYTES = 1 << 40    # never reached
_RECEIVE_BUFFER_BYTES = 4096  # else the kernel takes megabytes for a client that does not read
_SETTLE_SECONDS = 1.0


class NotServed(Exception):
    """A response that was not what it should be."""


@dataclass(frozen=True)
class Sample:
    what: str
    streams: int
    seconds: float
    growth_bytes: int  # of the resident memory, the most that was seen

    @property
    def bytes_per_stream(self) -> float:
        return self.growth_bytes / self.streams


def connect(port: int) -> socket.socket:
    connection = socket.socket()
    connection.settimeout(60)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
    connection.connect(("127.0.0.1", port))
    return connection


def head(method: str, target: str, body_bytes: int | None = None) -> bytes:
    length = "" if body_bytes is None else f"Content-Length: {body_bytes}\r\n"
    return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n".encode()


def _large_upload(server: Server, size: int) -> int:
    """The most resident bytes that were seen."""
    most = 0
    with socket.create_connection(("127.0.0.1", server.address), timeout=60) as connection:
        connection.sendall(head("POST", "/upload", size))
        for sent in range(0, size, len(_PIECE)):
            connection.sendall(_PIECE[:size - sent])
            if sent % (64 << 20) == 0:
                most = max(most, server.resident_bytes())
        response = connection.recv(65536)
    if f'{{"bytes":{size}}}'.encode() not in response:
        raise NotServed(f"the upload's response is {response!r}")
    return max(most, server.resident_bytes())


def _large_download(server: Server, size: int) -> int:
    most = 0
    buffer = bytearray(1 << 20)
    with socket.create_connection(("127.0.0.1", server.address), timeout=60) as connection:
        connection.sendall(head("GET", f"/download?bytes={size}") )
        received, head_end, looked = b"", -1, 0
        while head_end < 0:
            received += connection.recv(65536)
            head_end = received.find(b"\r\n\r\n")
        left = size - (len(received) - head_end - 4)
        while left > 0:
            got = connection.recv_into(buffer)
            if got == 0:
                raise NotServed(f"the download ended {left} bytes early")
            left -= got
            looked += got
            if looked >= 64 << 20:
                most, looked = max(most, server.resident_bytes()), 0
    return max(most, server.resident_bytes())


def _slow(server: Server, begun: bytes, count: int) -> int:
    """Opens `count` connections that stall within their body."""
    connections = []
    try:
        for _ in range(count):
            connections.append(connect(server.address))
            connections[-1].sendall(begun)
        time.sleep(_SETTLE_SECONDS)
        return server.resident_bytes()
    finally:
        for each in connections:
            each.close()


def measure(server: Server, size: int, count: int, progress: Progress) -> list[Sample]:
    _large_upload(server, 1 << 20)
    _large_download(server, 1 << 20)
    before = server.resident_bytes()
    gib = f"{size / GIB:g} GiB"
    upload = head("POST", "/upload", _SLOW_BODY_BYTES) + bytes(1000)
    cells = [(f"one upload of {gib}", 1, lambda: _large_upload(server, size)),
             (f"one download of {gib}", 1, lambda: _large_download(server, size)),
             ("slow uploads", count, lambda: _slow(server, upload, count)),
             ("slow downloads", count, lambda: _slow(server, head("GET", f"/download?bytes={_SLOW_BODY_BYTES}"), count))]
    samples = []
    for what, streams, call in cells:
        progress.phase(what)
        start = time.monotonic()
        most = call()
        samples.append(Sample(what, streams, time.monotonic() - start, most - before))
    return samples


def page(about: dict, samples: list[Sample]) -> str:
    rows = [[each.what, f"{each.streams:,}", f"{each.seconds:.1f}", mib(each.growth_bytes),
             f"{each.bytes_per_stream / 1024:,.1f}"] for each in samples]
    return (f"{about['date']}, commit {about['commit']}. {about['cpu']}, {about['cores']} cores ({about['virtual']}), "
            f"Linux {about['kernel']}. Load before the run {about['load_before']:.1f}. Memory is what is resident beyond "
            f"what one small upload and download leave.\n\n"
            + table(["", "streams", "seconds", "RSS growth", "KiB a stream"], rows))


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench-streams", description="memory of streamed bodies")
    parser.add_argument("--gib", type=int, default=10, choices=range(1, 1025), metavar="1..1024")
    parser.add_argument("--streams", type=int, default=1000, choices=range(1, 5001), metavar="1..5000")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    options = parser.parse_args()
    progress = Progress()
    about = machine.describe()
    port = free_port()
    WORK.mkdir(parents=True, exist_ok=True)
    command = [str(BIN / "h3-streams"), "--port", str(port)]
    try:
        with Server("h3-streams", command, port, sorted(os.sched_getaffinity(0)), WORK / "streams.log") as server:
            samples = measure(server, options.gib * GIB, options.streams, progress)
    except (ServerFailed, NotServed, OSError) as error:
        progress.note(f"could not measure: {error}")
        return 3
    except KeyboardInterrupt:
        return 130
    if options.json:
        print(json.dumps({"schema": "h3.streams/1", "machine": about,
                          "samples": [{**asdict(each), "bytes_per_stream": each.bytes_per_stream} for each in samples]},
                         indent=2))
    else:
        print(page(about, samples).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
