"""Sends streams over connections of their own, and reads what the servers say they have seen."""
import contextlib
import re
import socket
from typing import NamedTuple

from measure.server import Server

RECEIVE_BYTES = 1 << 16
SILENCE_SECONDS = 30  # a server that neither responds nor closes after the client's end is stuck

_STATUS_LINE = re.compile(rb"HTTP/1\.1 (\d{3})(?: [^\r\n]*)?\r\n")
_FIELD = re.compile(rb"([^:\r\n]+): ?([^\r\n]*)\r\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]+)\r\n")


class Request(NamedTuple):
    """A request as a server saw it. The body is None where the response, to HEAD, has none."""
    method: bytes
    target: bytes  # origin form
    body: bytes | None

    def same_as(self, other: "Request") -> bool:
        bodies_agree = self.body == other.body or None in (self.body, other.body)
        return self.method == other.method and self.target == other.target and bodies_agree

    def __str__(self) -> str:
        body = "?" if self.body is None else f"{len(self.body)} bytes {self.body[:60]!r}"
        return f"{self.method.decode('latin-1')} {self.target.decode('latin-1')!r}, body {body}"


class Outcome(NamedTuple):
    """What a server made of a stream: the requests that it handled, then the status of a refusal or 0."""
    requests: tuple[Request, ...]
    refusal: int
    trouble: str = ""  # "" or why the bytes that came back cannot be what a server should send

    def __str__(self) -> str:
        lines = [str(request) for request in self.requests]
        lines.append(f"refused with {self.refusal}" if self.refusal else "closed")
        return "; ".join(lines + ([self.trouble] if self.trouble else []))


class Garbled(Exception):
    """These bytes are no responses."""


class Response(NamedTuple):
    status: int
    seen: bytes | None
    body: bytes
    end: int


def exchange(servers: list[Server], streams: list[list[bytes]]) -> list[tuple[Outcome, ...]]:
    """What each server makes of each stream: a tuple of outcomes for each stream, in the order of the servers."""
    with contextlib.ExitStack() as stack:
        opened = [[stack.enter_context(server.connect()) for _ in streams] for server in servers]
        for connections in opened:
            _send_all(connections, streams)
        return list(zip(*([_receive(connection) for connection in connections] for connections in opened)))


def _send_all(connections: list[socket.socket], streams: list[list[bytes]]) -> None:
    """A piece of each stream in turn, so that the server reads each piece by itself."""
    for turn in range(max(map(len, streams))):
        for connection, pieces in zip(connections, streams):
            if turn < len(pieces):
                _send(connection, pieces[turn])
            if turn == len(pieces) - 1:
                _finish(connection)


def _send(connection: socket.socket, piece: bytes) -> None:
    try:
        connection.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has refused, and closed


def _finish(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def _receive(connection: socket.socket) -> Outcome:
    connection.settimeout(SILENCE_SECONDS)
    parts = []
    try:
        while part := connection.recv(RECEIVE_BYTES):
            parts.append(part)
    except ConnectionResetError:
        pass  # bytes behind its last response were left unread
    except TimeoutError:
        return read_outcome(b"".join(parts))._replace(trouble=f"stuck: silent for {SILENCE_SECONDS} s")
    return read_outcome(b"".join(parts))


def read_outcome(received: bytes) -> Outcome:
    """All responses of a connection, which has ended."""
    requests, at = [], 0
    try:
        while at < len(received):
            response = _read_response(received, at)
            at = response.end
            if response.status < 200:
                continue
            if response.seen is None:
                behind = "" if at == len(received) else "something follows a refusal"
                return Outcome(tuple(requests), response.status, behind)
            requests.append(_request_of(response))
    except Garbled as error:
        return Outcome(tuple(requests), 0, str(error))
    return Outcome(tuple(requests), 0)


def _request_of(response: Response) -> Request:
    method, _, target = response.seen.partition(b" ")
    return Request(method, origin_form(target), None if method == b"HEAD" else response.body)


def origin_form(target: bytes) -> bytes:
    """Without scheme and authority, which nginx leaves out."""
    scheme, mark, rest = target.partition(b"://")
    if not mark or not scheme.isalpha():
        return b"/" + target if target.startswith(b"?") else target
    path = re.search(rb"[/?]", rest)
    if path is None:
        return b"/"
    origin = rest[path.start():]
    return origin if origin.startswith(b"/") else b"/" + origin


def _read_response(received: bytes, at: int) -> Response:
    start = _STATUS_LINE.match(received, at)
    if start is None:
        raise Garbled(f"no status line: {received[at:at + 60]!r}")
    status, at = int(start[1]), start.end()
    fields = {}
    while field := _FIELD.match(received, at):
        fields[field[1].lower()] = field[2]
        at = field.end()
    if not received.startswith(b"\r\n", at):
        raise Garbled(f"no end of a head: {received[at:at + 60]!r}")
    at += 2
    seen = fields.get(b"seen")
    if status < 200 or status in (204, 304) or (seen is not None and seen.startswith(b"HEAD ")):
        return Response(status, seen, b"", at)
    body, end = _read_body(received, at, fields)
    return Response(status, seen, body, end)


def _read_body(received: bytes, at: int, fields: dict[bytes, bytes]) -> tuple[bytes, int]:
    if fields.get(b"transfer-encoding") == b"chunked":
        return _read_chunks(received, at)
    if b"content-length" not in fields:
        return received[at:], len(received)
    end = at + int(fields[b"content-length"])
    if at == len(received):
        return b"", at  # to HEAD
    if end > len(received):
        raise Garbled("a body is cut short")
    return received[at:end], end


def _read_chunks(received: bytes, at: int) -> tuple[bytes, int]:
    body = []
    while chunk := _CHUNK.match(received, at):
        at, size = chunk.end(), int(chunk[1], 16)
        body.append(received[at:at + size])
        at += size
        if not received.startswith(b"\r\n", at):
            break
        at += 2
        if size == 0:
            return b"".join(body), at
    raise Garbled("a chunked body is cut short")
