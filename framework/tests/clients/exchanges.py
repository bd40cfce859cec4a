"""What every client does, and what must come back."""
import hashlib
from dataclasses import dataclass, field

MANY = 200  # requests in a row on one connection
BURST = 40  # requests at the same time


def pattern(size: int) -> bytes:
    """Bytes that show a shift or a gap."""
    return b"".join(b"%07x\n" % line for line in range(size // 8 + 1))[:size]


FILES = {"small.txt": pattern(1_500), "large.bin": pattern(8 * 1024 * 1024 + 3), "empty.txt": b""}
REDIRECTED = b"." * 24 * 1024  # h3-demo: GET /presentations/


@dataclass(frozen=True)
class Exchange:
    name: str
    path: str
    status: int = 200
    content: bytes = b""
    method: str = "GET"
    body: bytes | None = None
    chunked: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    follow: bool = False                                    # redirects
    expected: dict[str, str] = field(default_factory=dict)  # fields of the response, names in lower case
    needs: str = ""  # an ability that not every client has: to wait for 100 Continue ("expect"), to follow redirects


def _file(name: str, file: str, content: bytes | None = None, status: int = 200, **more) -> Exchange:
    return Exchange(name, f"/static/{file}", status, FILES[file] if content is None else content, **more)


_LARGE = FILES["large.bin"]
TABLE = (
    _file("small file", "small.txt", expected={"content-length": "1500"}),
    _file("empty file", "empty.txt", expected={"content-length": "0"}),
    _file("large file", "large.bin"),
    _file("HEAD", "large.bin", b"", method="HEAD", expected={"content-length": str(len(_LARGE))}),
    _file("range", "large.bin", _LARGE[5_000_000:5_100_000], 206, fields={"Range": "bytes=5000000-5099999"},
          expected={"content-range": f"bytes 5000000-5099999/{len(_LARGE)}"}),
    _file("range beyond the end", "small.txt", b"", 416, fields={"Range": "bytes=1500-"},
          expected={"content-range": "bytes */1500"}),
    _file("not modified", "small.txt", b"", 304, fields={"If-Modified-Since": "Fri, 31 Dec 2100 23:59:59 GMT"}),
    Exchange("POST", "/echo", method="POST", body=b"hello", content=b"hello", fields={"Content-Type": "text/plain"},
             expected={"content-type": "text/plain"}),
    Exchange("POST of 1 MiB", "/echo", method="POST", body=pattern(1 << 20), content=pattern(1 << 20)),
    Exchange("POST in chunks", "/echo", method="POST", body=pattern(300_001), content=pattern(300_001), chunked=True),
    Exchange("POST of 1 MiB after 100 Continue", "/echo", method="POST", body=pattern(1 << 20),
             content=pattern(1 << 20), fields={"Expect": "100-continue"}, needs="expect"),
    Exchange("refused after Expect", "/echo", 413, method="POST", body=pattern((1 << 20) + 1),
             fields={"Expect": "100-continue"}, needs="expect"),
    Exchange("not found", "/none", 404),
    Exchange("redirect", "/kibana/", 301, expected={"location": "/presentations/"}),
    Exchange("redirect, followed", "/kibana/", content=REDIRECTED, follow=True, needs="follow"),
    Exchange("JSON", "/json", content=b'{"message":"Hello, World!"}', expected={"content-type": "application/json"}),
)


@dataclass(frozen=True)
class Result:
    """A response. The digest is of the whole body, in SHA-256."""
    status: int
    fields: dict[str, str]  # names in lower case
    size: int
    digest: str

    @staticmethod
    def of(status: int, fields, body: bytes) -> "Result":
        return Result(status, {name.lower(): value for name, value in fields}, len(body), digest(body))


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def problems(exchange: Exchange, result: Result) -> list[str]:
    """What differs from the expected response; of errors the content is the server's own."""
    found = []
    if result.status != exchange.status:
        found.append(f"status {result.status}, expected {exchange.status}")
    elif exchange.status < 400 and result.digest != digest(exchange.content):
        found.append(f"another body of {result.size:,} bytes, expected {len(exchange.content):,}")
    for name, value in exchange.expected.items():
        if result.fields.get(name) != value:
            found.append(f"{name} {result.fields.get(name)!r}, expected {value!r}")
    return found
