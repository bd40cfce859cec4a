"""A plain line plot with logarithmic axes as SVG text."""
import math

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 320, 60, 40, 30, 120
_COLOURS = ["#1f77b4", "#888888", "#d62728", "#2ca02c"]


class _Axis:
    """Maps a value to pixels, by its logarithm."""

    def __init__(self, values: list[float], begin: float, end: float):
        self._low = math.log10(min(values))
        self._span = max(math.log10(max(values)) - self._low, 0.3)
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        return self._begin + (math.log10(value) - self._low) / self._span * (self._end - self._begin)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{text}</text>'


def plot(curve: dict) -> str:
    """curve: as scaling.as_json gives it."""
    lines = [line for line in curve["lines"] if line["points"]]
    points = [(point["at"], point["cpu_us"]["median"]) for line in lines for point in line["points"]]
    across = _Axis([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    up = _Axis([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
             'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>',
             _text(_LEFT, 16, f'{curve["title"]}: CPU microseconds per request', "start")]
    for x in sorted({x for x, _ in points}):
        parts.append(_text(across.at(x), _HEIGHT - _BOTTOM + 18, f"{x:,}"))
    for y in (min(y for _, y in points), max(y for _, y in points)):
        parts.append(_text(_LEFT - 8, up.at(y) + 4, _number(y), "end"))
        parts.append(f'<path d="M{_LEFT} {up.at(y):.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        place = [(across.at(point["at"]), up.at(point["cpu_us"]["median"])) for point in line["points"]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in place)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in place]
        parts.append(f'<g fill="{colour}">{_text(_WIDTH - _RIGHT + 8, _TOP + 14 * number, line["label"], "start")}</g>')
    return "\n".join(parts) + "\n</svg>\n"
