"""Python's own http.client and urllib, and requests."""
import contextlib
import http.client
import importlib.util
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from .exchanges import MANY, Exchange, Result
from .site import Address, connection_to


_REQUESTS_CLIENT = Path(__file__).with_name("requests_client.py")


def _pieces(body: bytes, size: int = 7_000):
    return (body[at:at + size] for at in range(0, len(body), size))


class HttpClient:
    name, abilities, sockets = "python-http.client", frozenset(), frozenset({"tcp", "unix"})
    connections = 1

    def missing(self) -> str:
        return ""

    def run(self, address: Address, exchanges: Sequence[Exchange]) -> list[Result]:
        """All on one connection."""
        with contextlib.closing(connection_to(address)) as connection:
            return [self._exchange(connection, exchange) for exchange in exchanges]

    def abandon(self, address: Address, path: str) -> None:
        """Leaves a response after its first byte."""
        with contextlib.closing(connection_to(address)) as connection:
            connection.request("GET", path)
            connection.getresponse().read(1)

    def _exchange(self, connection: http.client.HTTPConnection, exchange: Exchange) -> Result:
        body = _pieces(exchange.body) if exchange.chunked else exchange.body
        connection.request(exchange.method, exchange.path, body, exchange.fields, encode_chunked=exchange.chunked)
        response = connection.getresponse()
        return Result.of(response.status, response.getheaders(), response.read())


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Urllib:
    name, abilities, sockets = "python-urllib", frozenset({"follow"}), frozenset({"tcp"})
    connections = MANY

    def missing(self) -> str:
        return ""

    def run(self, address: Address, exchanges: Sequence[Exchange]) -> list[Result]:
        return [self._exchange(address, exchange) for exchange in exchanges]

    def abandon(self, address: Address, path: str) -> None:
        with urllib.request.build_opener().open(address.base + path, timeout=60) as response:
            response.read(1)

    def _exchange(self, address: Address, exchange: Exchange) -> Result:
        opener = urllib.request.build_opener(*([] if exchange.follow else [_NoRedirects]))
        body = _pieces(exchange.body) if exchange.chunked else exchange.body
        fields = {"Content-Type": "application/octet-stream", **exchange.fields}
        request = urllib.request.Request(address.base + exchange.path, body, fields, method=exchange.method)
        try:
            response = opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return Result.of(response.status, response.headers.items(), response.read())


class Requests:
    """In an interpreter that has it: Debian's package is for Debian's Python."""
    name, abilities, sockets = "python-requests", frozenset({"follow"}), frozenset({"tcp"})
    connections = 1

    def missing(self) -> str:
        return "" if self.interpreter() else "requests (Debian: python3-requests)"

    def run(self, address: Address, exchanges: Sequence[Exchange]) -> list[Result]:
        asked = [{"method": each.method, "url": address.base + each.path, "fields": each.fields, "follow": each.follow,
                  "chunked": each.chunked, "body": None if each.body is None else each.body.decode("latin-1")}
                 for each in exchanges]
        return [Result(**each) for each in self._call(asked)]

    def abandon(self, address: Address, path: str) -> None:
        self._call([{"abandon": address.base + path}])

    def _call(self, asked: list[dict]) -> list[dict]:
        done = subprocess.run([self.interpreter(), str(_REQUESTS_CLIENT)], input=json.dumps(asked), text=True,
                              capture_output=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout)

    def interpreter(self) -> str | None:
        if importlib.util.find_spec("requests"):
            return sys.executable
        debian = "/usr/bin/python3"
        with contextlib.suppress(OSError):
            if subprocess.run([debian, "-c", "import requests"], capture_output=True).returncode == 0:
                return debian
        return None
