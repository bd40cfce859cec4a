"""h3-demo with a folder of files, on a TCP port and on a unix socket."""
import http.client
import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from measure.server import Server, free_port

from .exchanges import FILES


_OWN_CONNECTIONS = 2  # to see that it listens, and to watch its counters


@dataclass(frozen=True)
class Address:
    """Where a client connects: unix is "" for TCP, else the path of a socket."""
    port: int
    unix: str = ""

    @property
    def base(self) -> str:
        return "http://localhost" if self.unix else f"http://127.0.0.1:{self.port}"

    def __str__(self) -> str:
        return "unix" if self.unix else "tcp"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def connection_to(address: Address, timeout: float = 60) -> http.client.HTTPConnection:
    if address.unix:
        return UnixConnection(address.unix, timeout)
    return http.client.HTTPConnection("127.0.0.1", address.port, timeout=timeout)


class Site:
    """Use as a context manager."""

    def __init__(self, program: Path, folder: Path, reactor: str, arguments=()):
        self.folder = folder
        self._watch = None
        self._own_requests = 0
        files = folder / "files"
        files.mkdir()
        for name, content in FILES.items():
            (files / name).write_bytes(content)
        self.tcp = Address(free_port())
        self.unix = Address(self.tcp.port, str(folder / "h3.socket"))
        command = [str(program), "--port", str(self.tcp.port), "--unix", self.unix.unix, "--static", str(files),
                   "--reactor", reactor, *arguments]
        self._server = Server("h3-demo", command, self.tcp.port, sorted(os.sched_getaffinity(0)), folder / "h3.log")

    def __enter__(self) -> "Site":
        self._server.__enter__()
        self._watch = connection_to(self.tcp)
        self._read_metrics()  # connects before any client
        os.chmod(self.unix.unix, 0o666)  # for proxies that give up root
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> int:
        """Its exit code: not 0 when it leaked under a sanitizer, or had to cut off requests."""
        if self._watch is not None:
            self._watch.close()
        return self._server.stop(patience_seconds=60)

    def last_lines(self) -> list[str]:
        return self._server.last_lines(20)

    def connections_after(self, requests: int) -> int:
        """How many connections the clients had by the time when so many of their requests were counted. The counters
        are published now and then, all together."""
        while True:
            metrics = self._read_metrics()
            if metrics["http"]["requests"] >= requests + self._own_requests - 1:
                return metrics["connections"]["accepted"] - _OWN_CONNECTIONS
            time.sleep(0.05)

    def _read_metrics(self) -> dict:
        self._own_requests += 1  # the response does not count it yet
        self._watch.request("GET", "/metrics.json")
        return json.loads(self._watch.getresponse().read())
