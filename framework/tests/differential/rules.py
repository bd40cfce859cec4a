"""What H3 may refuse although another server takes it, and what it may take although the others refuse it.

A refusal must have a rule here that its bytes break, and a request that only H3 takes a rule that allows it: whatever
has none is a finding.
"""
import ipaddress
import re
from typing import Callable, NamedTuple

from .framing import Message, read_chunks

TARGET_BYTES, HEADER_BYTES, HEADER_COUNT, BODY_BYTES = 8 * 1024, 16 * 1024, 100, 1024 * 1024  # h3::LimitConfig
_KNOWN_METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"PROPFIND")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HOST = re.compile(rb"(?:(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+|\[([0-9A-Fa-f:.]+)\])(?::([0-9]*))?")
_REQUEST_LINE = re.compile(rb"[^ \t]+ [^ \t]+ HTTP/\d\.\d")
# RFC 3986, and what browsers send unencoded, which is more in a query.
_PATH = rb"(?:[A-Za-z0-9._~!$&'()*+,;=:@/|\[\]-]|%[0-9A-Fa-f]{2})*"
_QUERY = rb"(?:[A-Za-z0-9._~!$&'()*+,;=:@/|\[\]?^{}\\`-]|%[0-9A-Fa-f]{2})*"
_TARGET = re.compile(rb"(?:https?://([^/?]*))?(" + _PATH + rb")(?:\?" + _QUERY + rb")?", re.I)


class Refused:
    """The bytes from the start of a refused request on, cut where H3 cuts them."""

    def __init__(self, rest: bytes):
        self.text = rest.removeprefix(b"\r\n")
        end = self.text.find(b"\r\n\r\n")
        self.head = self.text if end < 0 else self.text[:end + 4]
        self.line, *lines = self.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        self.fields = [line.partition(b":") for line in lines]
        self.after = self.text[len(self.head):]

    def values(self, name: bytes) -> list[bytes]:
        return [value.strip(b" \t") for found, _, value in self.fields if found.lower() == name]

    def elements(self, name: bytes) -> list[bytes]:
        elements = b",".join(self.values(name)).lower().split(b",")
        return [element.strip(b" \t") for element in elements if element.strip(b" \t")]

    @property
    def method(self) -> bytes:
        return self.line.partition(b" ")[0]

    @property
    def target(self) -> bytes:
        return self.line.partition(b" ")[2].rpartition(b" ")[0]

    @property
    def version(self) -> bytes:
        return self.line.rpartition(b" ")[2]


class Rule(NamedTuple):
    status: int
    section: str
    text: str
    broken_by: Callable[[Refused], object]


def _bad_host(refused: Refused) -> bool:
    hosts = refused.values(b"host")
    if len(hosts) > 1 or (not hosts and refused.version != b"HTTP/1.0"):
        return True
    return not all(map(_is_host, hosts))


def _is_ipv6(text: bytes) -> bool:
    try:
        return ipaddress.IPv6Address(text.decode()) is not None
    except ValueError:
        return False


def _is_host(text: bytes) -> bool:
    found = _HOST.fullmatch(text)
    if found is None or found[1] and not _is_ipv6(found[1]):
        return False
    return int(found[2] or b"0") < 1 << 16


def _bad_target(refused: Refused) -> bool:
    found = _TARGET.fullmatch(refused.target)
    if found is None:
        return True
    authority, path = found.groups()
    if authority is None:
        return path != b"*" and not path.startswith(b"/")
    return not _is_host(authority)


def _bad_length(refused: Refused) -> bool:
    lengths = refused.values(b"content-length")
    return len(lengths) > 1 or any(not length.isdigit() or int(length) >= 1 << 63 for length in lengths)


def _bad_coding(refused: Refused) -> bool:
    codings = refused.elements(b"transfer-encoding")
    values = refused.values(b"transfer-encoding")
    if not values:
        return False
    if refused.values(b"content-length") or refused.version == b"HTTP/1.0":
        return True
    has_empty = any(not coding.strip(b" \t") for coding in b",".join(values).split(b","))
    return has_empty or codings[-1:] != [b"chunked"] or codings.count(b"chunked") > 1


def _bad_chunks(refused: Refused) -> bool:
    return refused.elements(b"transfer-encoding") == [b"chunked"] and read_chunks(refused.after, 0) is None


def _too_long(refused: Refused) -> bool:
    return any(length.isdigit() and int(length) > BODY_BYTES for length in refused.values(b"content-length")) or \
        bool(re.match(rb"(?:[^\r]*\r\n)*?0*[1-9a-fA-F][0-9a-fA-F]{5,}[\r;]", refused.after))


STRICT = (
    Rule(400, "9112 2.2", "a line ends with CRLF, and no CR stands alone",
         lambda it: re.search(rb"(?<!\r)\n|\r(?!\n)", it.head)),
    Rule(400, "9112 2.2", "one empty line before a request, no blanks", lambda it: it.text[:1] in b"\r\n \t"),
    Rule(400, "9110 5.5", "no control bytes", lambda it: re.search(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", it.head)),
    Rule(400, "9112 5.2", "no line folding", lambda it: re.search(rb"\r\n[ \t]", it.head)),
    Rule(400, "9112 5.1", "a field is a token, a colon and a value",
         lambda it: any(not colon or not _TOKEN.fullmatch(name) for name, colon, _ in it.fields)),
    Rule(400, "9112 3", "method, target and version with one space between",
         lambda it: not _REQUEST_LINE.fullmatch(it.line)),
    Rule(400, "9110 9.1", "a method is a token", lambda it: not _TOKEN.fullmatch(it.method)),
    Rule(400, "9112 3.2", "a target is a URI's path and query, or absolute", _bad_target),
    Rule(400, "9112 3.2.4", "* is a target of OPTIONS", lambda it: it.target == b"*" and it.method != b"OPTIONS"),
    Rule(400, "9112 3.2", "one valid Host", _bad_host),
    Rule(400, "9110 7.6.1", "options of a connection are tokens",
         lambda it: any(not _TOKEN.fullmatch(option)
                        for name in (b"connection", b"proxy-connection") for option in it.elements(name))),
    Rule(400, "9112 6.3", "one Content-Length, of digits", _bad_length),
    Rule(400, "9112 6.1", "Transfer-Encoding ends in one chunked, without Content-Length, in HTTP/1.1", _bad_coding),
    Rule(400, "9112 7.1", "chunks: size, extensions, CRLF, trailers", _bad_chunks),
    Rule(400, "9112 2.3", "HTTP/0.9 has no version", lambda it: it.version.startswith(b"HTTP/0.")),
    Rule(505, "9110 2.5", "HTTP/1.x", lambda it: not it.version.startswith((b"HTTP/0.", b"HTTP/1."))),
    Rule(501, "9112 6.1", "no other transfer coding than chunked",
         lambda it: set(it.elements(b"transfer-encoding")) - {b"chunked"}),
    Rule(501, "9110 9.1", "a method that the application has", lambda it: it.method not in _KNOWN_METHODS),
    Rule(405, "9110 9.3.6", "no CONNECT", lambda it: it.method == b"CONNECT"),
    Rule(413, "9110 15.5.14", "bodies up to the limit", _too_long),
    Rule(414, "9110 15.5.15", "targets up to the limit", lambda it: len(it.line) > TARGET_BYTES),
    Rule(415, "9110 15.5.16", "no content coding that nothing decodes",
         lambda it: set(it.elements(b"content-encoding")) - {b"identity"}),
    Rule(417, "9110 10.1.1", "no other expectation than 100-continue",
         lambda it: set(it.elements(b"expect")) - {b"100-continue"}),
    Rule(431, "6585 5", "fields up to the limits",
         lambda it: len(it.fields) > HEADER_COUNT or len(it.head) > HEADER_BYTES),
)


class Leniency(NamedTuple):
    section: str
    text: str
    allows: Callable[[Message], object]


LENIENT = (
    Leniency("9112 5", "tabs around a value are blanks",
             lambda it: re.search(rb":[ \t]*\t|\t[ \t]*\r\n", it.fields)),
    Leniency("9110 6.5.1", "trailers say nothing about framing",
             lambda it: re.search(rb"(?im)^(?:content-length|transfer-encoding):", it.trailers)),
    Leniency("3986 5.2.4", "dot segments above the root are cut off",
             lambda it: re.search(rb"(?i)/(?:\.|%2e){2}(?:[/?]|$)", it.target)),
    Leniency("3986 2.1", "an encoded NUL is an escape", lambda it: b"%00" in it.target),
    Leniency("9110 2.5", "HTTP/1.2 and later are HTTP/1.1", lambda it: it.minor_version > 1),
    Leniency("9110 9.3.8", "an application may have TRACE", lambda it: it.method == b"TRACE"),
)


def broken_rule(status: int, rest: bytes) -> Rule | None:
    """The first rule with that status that these bytes break."""
    refused = Refused(rest)
    return next((rule for rule in STRICT if rule.status == status and rule.broken_by(refused)), None)


def leniency(message: Message) -> Leniency | None:
    return next((rule for rule in LENIENT if rule.allows(message)), None)
