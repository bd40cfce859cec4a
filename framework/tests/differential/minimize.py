"""Smallest stream that shows the same finding (ddmin: Zeller and Hildebrandt, 2002)."""
from typing import Callable, Sequence, TypeVar

Unit = TypeVar("Unit")


def smallest(units: Sequence[Unit], shows: Callable[[Sequence[Unit]], bool]) -> Sequence[Unit]:
    """A part of a sequence that shows it, and of which no single unit can be left out."""
    parts = 2
    while len(units) >= 2:
        size = -(-len(units) // parts)
        for start in range(0, len(units), size):
            rest = units[:start] + units[start + size:]
            if shows(rest):
                units, parts = rest, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(2 * parts, len(units))
    return units


def smallest_stream(stream: bytes, shows: Callable[[bytes], bool]) -> bytes:
    """By lines first, then by bytes."""
    lines = smallest(stream.splitlines(keepends=True), lambda kept: shows(b"".join(kept)))
    return smallest(b"".join(lines), shows)
