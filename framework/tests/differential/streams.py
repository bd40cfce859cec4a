"""Streams of requests: good ones, ones with a twist that servers are known to differ in, and their mutations."""
import random
from dataclasses import dataclass

from . import vocabulary

_TWISTED = 0.45       # of the requests
_MUTATED = 0.3        # of the streams
_SPLIT = 0.4
_CUT_SHORT = 0.08


@dataclass
class _Request:
    method: bytes
    target: bytes
    fields: list[bytes]
    body: bytes
    version: bytes = b"HTTP/1.1"
    before: bytes = b""
    separator: bytes = b" "
    blank: bytes = b"\r\n"

    def text(self) -> bytes:
        start = self.separator.join(part for part in (self.method, self.target, self.version) if part)
        return b"".join((self.before, start, b"\r\n", *self.fields, self.blank, self.body))


class Maker:
    """Makes stream number `index` of a seed: the same on every machine."""

    def __init__(self, seed: int, index: int):
        self._random = random.Random(f"{seed}/{index}")

    def pieces(self) -> list[bytes]:
        """A stream, as the writes that it is sent in."""
        stream = b"".join(self._request() for _ in range(self._random.choice((1, 2, 2, 3, 4))))
        if self._chance(_MUTATED):
            for _ in range(self._random.randint(1, 3)):
                stream = self._mutated(stream)
        if self._chance(_CUT_SHORT):
            stream = stream[:self._random.randint(1, len(stream))]
        return self._split(stream) if self._chance(_SPLIT) else [stream]

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, choices: list):
        return self._random.choice(choices)

    def _request(self) -> bytes:
        body_fields, body = self._body(method := self._pick(vocabulary.METHODS))
        request = _Request(method, self._pick(vocabulary.TARGETS), fields=[b"Host: a\r\n", *body_fields], body=body)
        if self._chance(_TWISTED):
            self._twist(request)
        return request.text()

    def _twist(self, request: _Request) -> None:
        kind = self._random.randrange(10)
        if kind == 0:
            request.method = self._pick(vocabulary.ODD_METHODS)
        elif kind == 1:
            request.target = self._pick(vocabulary.ODD_TARGETS)
        elif kind == 2:
            request.version = self._pick(vocabulary.ODD_VERSIONS)
        elif kind == 3:
            request.fields[0] = self._pick(vocabulary.ODD_HOSTS)
        elif kind == 4:
            self._insert_line(request.fields, vocabulary.ODD_LINES)
        elif kind == 5:
            request.before = self._pick(vocabulary.BETWEEN)
        elif kind == 6:
            self._insert_line(request.fields, vocabulary.MANNERS)
        elif kind == 7:
            at = self._random.randrange(len(request.fields))
            request.fields[at] = request.fields[at].replace(b"\r\n", self._pick(vocabulary.LINE_ENDS))
        elif kind == 8:
            request.fields.append(self._pick(request.fields))
        else:
            request.blank, request.separator = self._pick(vocabulary.BLANK_LINES), self._pick(vocabulary.SEPARATORS)

    def _insert_line(self, fields: list[bytes], choices: list[bytes]) -> None:
        fields.insert(self._random.randint(0, len(fields)), self._pick(choices))

    def _body(self, method: bytes) -> tuple[list[bytes], bytes]:
        """Its fields and its bytes."""
        if not self._chance(0.85 if method in (b"POST", b"PUT", b"PATCH") else 0.25):
            return [], b""
        content = self._pick(vocabulary.CONTENTS)
        if self._chance(0.45):
            return [self._length_line(content)], content
        if self._chance(0.85):
            return [self._coding_line()], self._chunks(content)
        both = [self._length_line(content), self._coding_line()]
        self._random.shuffle(both)
        return both, self._pick((content, self._chunks(content)))

    def _length_line(self, content: bytes) -> bytes:
        size = len(content)
        if self._chance(0.1):
            size += self._pick((-1, 1, 2, -2, len(vocabulary.SMUGGLED)))
        value = b"%d" % max(size, 0)
        if self._chance(0.15):
            form = self._pick(vocabulary.LENGTHS)
            value = form % ((size,) * (form.count(b"%d") + form.count(b"%x")))
        name = self._pick(vocabulary.LENGTH_NAMES) if self._chance(0.1) else b"Content-Length"
        line = name + b": " + value + b"\r\n"
        return line + (b"Content-Length: %d\r\n" % self._pick((size, size + 1, 0)) if self._chance(0.06) else b"")

    def _coding_line(self) -> bytes:
        value = self._pick(vocabulary.CODINGS) if self._chance(0.25) else b"chunked"
        name = self._pick(vocabulary.CODING_NAMES) if self._chance(0.15) else b"Transfer-Encoding"
        return name + self._pick((b": ", b": ", b": ", b":", b": \t")) + value + b"\r\n"

    def _chunks(self, content: bytes) -> bytes:
        middle = self._random.randint(0, len(content))
        parts = [part for part in (content[:middle], content[middle:]) if part]
        odd = self._random.randint(0, 2 * len(parts) + 3) if self._chance(0.5) else -1
        text = b"".join(self._chunk(part, odd - 2 * at) for at, part in enumerate(parts))
        last = self._chunk(b"", odd - 2 * len(parts), b"")
        trailers = self._pick(vocabulary.TRAILERS) if odd == 2 * len(parts) + 1 or self._chance(0.1) else b""
        end = self._pick(vocabulary.LINE_ENDS) if odd == 2 * len(parts) + 2 else b"\r\n"
        return text + last + trailers + end

    def _chunk(self, content: bytes, odd: int, end: bytes = b"\r\n") -> bytes:
        """odd: 0 for a strange size, 1 for strange line ends."""
        size = b"%x" % len(content)
        if odd == 0:
            form = self._pick(vocabulary.SIZES)
            size = form % len(content) if b"%" in form else form
        first = self._pick(vocabulary.LINE_ENDS) if odd == 1 and self._chance(0.5) else b"\r\n"
        if odd == 1 and end:
            end = self._pick(vocabulary.LINE_ENDS)
        return size + first + content + end

    def _mutated(self, stream: bytes) -> bytes:
        at = self._random.randrange(len(stream))
        kind = self._random.randrange(6)
        if kind == 0:
            return stream[:at] + bytes((self._random.randrange(256),)) + stream[at + 1:]
        if kind == 1:
            return stream[:at] + bytes((stream[at] ^ 1 << self._random.randrange(8),)) + stream[at + 1:]
        if kind == 2:
            return stream[:at] + self._pick(vocabulary.PIECES) + stream[at:]
        if kind == 3:
            return stream[:at] + stream[at + self._random.randint(1, 8):] or b"x"
        lines = stream.splitlines(keepends=True)
        first, second = self._random.randrange(len(lines)), self._random.randrange(len(lines))
        if kind == 4:
            lines[first], lines[second] = lines[second], lines[first]
        else:
            lines.insert(first, lines[second])
        return b"".join(lines)

    def _split(self, stream: bytes) -> list[bytes]:
        places = sorted(self._random.randint(0, len(stream)) for _ in range(self._random.randint(1, 4)))
        bounds = [0, *places, len(stream)]
        return [stream[a:b] for a, b in zip(bounds, bounds[1:]) if b > a] or [stream]
