"""A stream as text: escaped bytes, a line of text for each line of the stream. A file can be read, edited and replayed.

    # a comment
    GET / HTTP/1.1\\r\\n
    Host: a\\r\\n
    --
    \\r\\n

Line ends of the file mean nothing; `--` ends a write, so that the server reads the rest by itself.
"""
import re

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([rnt\\])|(.?))")
_LETTERS = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


class BadStream(Exception):
    """The text names the line, and what was expected."""


def to_text(pieces: list[bytes]) -> str:
    return "--\n".join("".join(_escaped(line) + "\n" for line in piece.splitlines(keepends=True)) for piece in pieces)


def from_text(text: str) -> list[bytes]:
    pieces = [b""]
    for number, line in enumerate(text.split("\n"), 1):
        if line == "--":
            pieces.append(b"")
        elif not line.startswith("#"):
            pieces[-1] += _unescaped(line, number)
    if not any(pieces):
        raise BadStream("no bytes in it; expected lines such as  GET / HTTP/1.1\\r\\n")
    return [piece for piece in pieces if piece]


def _escaped(line: bytes) -> str:
    text = "".join(_escaped_byte(byte) for byte in line)
    return f"\\x{ord(text[0]):02x}{text[1:]}" if text[0] == "#" or text == "--" else text


def _escaped_byte(byte: int) -> str:
    for letter, meant in _LETTERS.items():
        if byte == ord(meant):
            return "\\" + letter
    return chr(byte) if 0x20 <= byte < 0x7f else f"\\x{byte:02x}"


def _unescaped(line: str, number: int) -> bytes:
    def meant(found: re.Match) -> str:
        if found[3] is not None:
            raise BadStream(f"line {number}: found {found[0]!r}, "
                            "expected \\r, \\n, \\t, \\\\ or \\x and two hex digits")
        return chr(int(found[1], 16)) if found[1] else _LETTERS[found[2]]
    try:
        return _ESCAPE.sub(meant, line).encode("latin-1")
    except UnicodeEncodeError as error:
        raise BadStream(f"line {number}: found {error.object[error.start]!r}, expected ASCII and escapes") from error
