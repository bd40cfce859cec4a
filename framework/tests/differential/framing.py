"""Where a request ends, by RFC 9112 section 6.3 and nothing more lenient: the opinion that no server has a part in."""
import re
from typing import NamedTuple

_HEAD = re.compile(rb"(?:\r\n)?([^ \r\n]+) ([^ \r\n]+) HTTP/1\.(\d)\r\n((?:[^\r\n]+\r\n)*)\r\n")
_FIELD_VALUE = rb"(?im)^%s:[ \t]*([^\r\n]*?)[ \t]*\r$"
_CONTENT_LENGTH = re.compile(_FIELD_VALUE % rb"content-length")
_TRANSFER_ENCODING = re.compile(_FIELD_VALUE % rb"transfer-encoding")
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,16})((?:;%s(?:=(?:%s|%s))?)*)\r\n" % (_TOKEN, _TOKEN, _QUOTED))
_TRAILERS = re.compile(rb"(?:%s:[\t -~\x80-\xff]*\r\n)*\r\n" % _TOKEN)


class Message(NamedTuple):
    """One request of a stream."""
    method: bytes
    target: bytes
    minor_version: int
    fields: bytes  # all lines, each with its CRLF
    body: bytes
    end: int       # where the next one begins
    trailers: bytes


def read_request(stream: bytes, start: int) -> Message | None:
    """The request at this place; None when it is incomplete or broken."""
    head = _HEAD.match(stream, start)
    if head is None:
        return None
    method, target, minor, fields = head.groups()
    body = _read_body(stream, head.end(), fields)
    if body is None:
        return None
    return Message(method, target, int(minor), fields, *body)


def _read_body(stream: bytes, at: int, fields: bytes) -> tuple[bytes, int, bytes] | None:
    codings, lengths = _TRANSFER_ENCODING.findall(fields), _CONTENT_LENGTH.findall(fields)
    if codings:
        whole = not lengths and [coding.lower() for coding in codings] == [b"chunked"]
        return read_chunks(stream, at) if whole else None
    if not lengths:
        return b"", at, b""
    if len(lengths) > 1 or not lengths[0].isdigit():
        return None
    end = at + int(lengths[0])
    return (stream[at:end], end, b"") if end <= len(stream) else None


def read_chunks(stream: bytes, at: int) -> tuple[bytes, int, bytes] | None:
    """A chunked body, where it ends, and its trailers; None when it is incomplete or broken."""
    body = []
    while chunk := _CHUNK_SIZE.match(stream, at):
        at, size = chunk.end(), int(chunk[1], 16)
        if size == 0:
            trailers = _TRAILERS.match(stream, at)
            return (b"".join(body), trailers.end(), trailers[0]) if trailers else None
        body.append(stream[at:at + size])
        at += size
        if not stream.startswith(b"\r\n", at):
            return None
        at += 2
    return None
