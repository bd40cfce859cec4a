"""Cost of a request as one thing grows: it must stay flat, or grow as it must."""
from dataclasses import dataclass, field

from .client import ClientFailed, Request, cost_of
from .paths import BIN, WORK
from .server import Server, free_port
from .spread import spread


@dataclass
class Line:
    """One server's cost over the points, in CPU microseconds per request; one list of rounds a point."""

    label: str
    program: str
    arguments: tuple[str, ...] = ()
    rounds: dict[int, list[float]] = field(default_factory=dict)


@dataclass
class Curve:
    key: str
    title: str
    unit: str
    points: list[int]
    lines: list[Line]
    request: object  # from a point to its Request
    arguments: object = None  # from a point to further arguments of the server, when it must be started for each


def curves(quick: bool) -> list[Curve]:
    few = (lambda points: points[:2] + points[-1:]) if quick else (lambda points: points)
    return [
        Curve("connections", "Connections, plaintext", "connections", few([1, 8, 64, 512, 4096, 10_000]),
              [Line("H3", "bench-h3"), Line("floor", "floor-epoll"),
               Line("H3, 2 threads", "bench-h3", ("--threads", "2"))],
              lambda connections: Request(connections=connections)),
        Curve("body_bytes", "Echoed body", "bytes",
              few([1 << 10, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24]),
              [Line("H3", "bench-h3")], lambda size: Request("/echo", body_bytes=size, connections=4)),
        Curve("headers", "Request headers, plaintext", "fields", few([1, 5, 10, 25, 50, 100]),
              [Line("H3", "bench-h3"), Line("floor", "floor-epoll")],
              lambda headers: Request(headers=headers, connections=16)),
        Curve("routes", "Routes, the last one asked for", "routes", few([10, 1000, 10_000, 100_000]),
              [Line("H3", "bench-h3")], lambda routes: Request(f"/route/{routes - 1}", connections=16),
              arguments=lambda routes: ("--routes", str(routes))),
    ]


def _measure(line: Line, more: tuple[str, ...], curve: Curve, points: list[int], seconds: float, cores,
             progress) -> None:
    server_cores, client_cores = cores
    port = free_port()
    command = [str(BIN / line.program), *line.arguments, *more, "--port", str(port)]
    with Server(line.label, command, port, server_cores if "--threads" not in line.arguments else
                sorted({*server_cores, *client_cores}), WORK / "scaling.log") as server:
        for point in points:
            progress.step(f"{curve.title}: {line.label}, {point:,} {curve.unit}")
            try:
                cost = cost_of(server, curve.request(point), seconds, client_cores)
                line.rounds.setdefault(point, []).append(cost.us_per_request)
            except (ClientFailed, OSError) as error:
                progress.note(f"{curve.title}: {line.label}, {point:,} left out: {error}")


def measure_curve(curve: Curve, rounds: int, seconds: float, cores, progress) -> None:
    """Rounds with the lines in turn. cores: those of the server, those of the client."""
    for _ in range(rounds):
        for line in curve.lines:
            if curve.arguments is None:
                _measure(line, (), curve, curve.points, seconds, cores, progress)
                continue
            for point in curve.points:
                _measure(line, curve.arguments(point), curve, [point], seconds, cores, progress)


def as_json(curve: Curve) -> dict:
    return {"title": curve.title, "unit": curve.unit,
            "lines": [{"label": line.label,
                       "points": [{"at": point, "cpu_us": spread(values).as_json()}
                                  for point, values in line.rounds.items()]} for line in curve.lines]}
