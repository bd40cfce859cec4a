"""The requests to every server."""
import http.client
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    path: str
    body_bytes: int = 0
    pipeline: int = 1

    def expected(self) -> bytes:
        if self.body_bytes:
            return b"x" * self.body_bytes
        return {"/plaintext": b"Hello, World!", "/json": b'{"message":"Hello, World!"}', "/users/42": b"42"}[self.path]


COLUMNS = [
    Column("plaintext", "plaintext", "/plaintext"),
    Column("json", "JSON", "/json"),
    Column("users", "/users/:id", "/users/42"),
    Column("echo_1k", "echo 1 KiB", "/echo", body_bytes=1024),
    Column("echo_64k", "echo 64 KiB", "/echo", body_bytes=64 * 1024),
    Column("pipelined", "pipelined x16", "/plaintext", pipeline=16),
]
BY_KEY = {column.key: column for column in COLUMNS}


class WrongResponse(Exception):
    """The server does not do what the column measures."""


def check_response(server, column: Column) -> None:
    """Sends one request, so that a figure never belongs to a wrong response. Raises WrongResponse, or OSError."""
    if column.pipeline > 1:
        return _check_pipeline(server, column)
    client = http.client.HTTPConnection("127.0.0.1", timeout=10)
    client.sock = server.connect()
    try:
        if column.body_bytes:
            client.request("POST", column.path, column.expected(), {"Content-Type": "application/octet-stream"})
        else:
            client.request("GET", column.path)
        response = client.getresponse()
        body = response.read()
    except http.client.HTTPException as error:
        raise WrongResponse(f"{server.name} {column.key}: {error!r}") from error
    finally:
        client.close()
    if response.status != 200 or body != column.expected():
        raise WrongResponse(f"{server.name} {column.key}: expected 200 {column.expected()[:40]!r}, "
                          f"found {response.status} {body[:40]!r}")


def _check_pipeline(server, column: Column) -> None:
    """Some servers drop requests that arrived together with the one they are handling."""
    request = f"GET {column.path} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n".encode()
    responses = b""
    with server.connect() as connection:
        connection.settimeout(2)
        connection.sendall(request * column.pipeline)
        try:
            while responses.count(column.expected()) < column.pipeline:
                part = connection.recv(65536)
                if not part:
                    break
                responses += part
        except TimeoutError:
            pass
    if responses.count(column.expected()) != column.pipeline:
        raise WrongResponse(f"{server.name} {column.key}: {responses.count(column.expected())} responses to "
                          f"{column.pipeline} pipelined requests")
