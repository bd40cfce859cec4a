"""What is measured per server beside the rounds: allocations, instructions, idle connections, unix sockets, threads."""
import os
from concurrent.futures import ThreadPoolExecutor

from . import wrk
from .allocations import NotCounted, allocations_per_request
from .callgrind import CROWD, LOCKSTEP, by_difference, counted_h3
from .catalogue import Entry
from .client import ClientFailed, Request, cost_of
from .columns import BY_KEY
from .idle_memory import CONNECTIONS as IDLE_CONNECTIONS
from .idle_memory import bytes_per_idle_connection
from .paths import WORK
from .rounds import CONNECTIONS, Cell, measure_alone
from .server import Server, ServerFailed, free_port
from .spread import spread

_FAILURES = (ServerFailed, ClientFailed, wrk.LoadFailed, NotCounted, OSError, ValueError)
# httplib: a thread per connection. pistache: closes unless asked.
_NOT_FOR_IDLE_CONNECTIONS = ("httplib", "pistache")


def started(entry: Entry, cores: list[int], *more: str, unix: bool = False) -> Server:
    """Not yet entered."""
    WORK.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log = WORK / f"{entry.name}.log"
    if not unix:
        return Server(entry.name, entry.command(port, *more), port, cores, log)
    path = WORK / f"{entry.name}.sock"
    path.unlink(missing_ok=True)
    return Server(entry.name, entry.command(port, "--unix", str(path), *more), path, cores, log)


def _guarded(progress, what: str, measure):
    """The measurement's result, or nothing and a note."""
    progress.step(what)
    try:
        return measure()
    except _FAILURES as error:
        progress.note(f"{what} left out: {error}")
        return None


def allocations(entries: list[Entry], columns: list[str], progress) -> dict:
    def of(entry: Entry, key: str):
        return _guarded(progress, f"allocations: {entry.name}, {key}", lambda: allocations_per_request(
            entry.name, entry.command("{port}"), BY_KEY[key], entry.says_keep_alive))
    return {entry.name: {key: of(entry, key) for key in columns if key in entry.columns and key != "pipelined"}
            for entry in entries if entry.native}


def instructions(entries: list[Entry], quick: bool, progress) -> dict:
    """By server name and kind of request."""
    cores = sorted(os.sched_getaffinity(0))
    kinds = [LOCKSTEP[0], CROWD[0]] if quick else [*LOCKSTEP, *CROWD]
    result: dict = {}
    for entry in (each for each in entries if each.native and each.name != "pistache"):  # it loses wake-ups there
        asked = [kind for kind in kinds if kind.column in entry.columns]
        result[entry.name] = counts = {}
        if entry.name == "h3":
            progress.step("instructions: h3")
            with counted_h3(cores) as h3:
                counts |= {kind.key: h3.per_request(kind.request) for kind in asked if kind in LOCKSTEP}
            asked = [kind for kind in asked if kind in CROWD]
        with ThreadPoolExecutor(max_workers=min(2, len(cores))) as pool:  # what else runs hardly matters
            found = pool.map(lambda kind, e=entry: _guarded(
                progress, f"instructions: {e.name}, {kind.key}",
                lambda: by_difference(e.name, e.command, kind.request, cores)), asked)
            counts |= {kind.key: count for kind, count in zip(asked, found)}
    return result


def idle_connections(entries: list[Entry], count: int, cores, progress) -> dict:
    server_cores, client_cores = cores

    def measure(entry: Entry):
        with started(entry, server_cores) as server:
            return bytes_per_idle_connection(server, count, client_cores)
    return {"connections": count, "bytes_per_connection": {
        entry.name: _guarded(progress, f"{count:,} idle connections: {entry.name}", lambda e=entry: measure(e))
        for entry in entries if entry.name not in _NOT_FOR_IDLE_CONNECTIONS}}


def unix_sockets(entries: list[Entry], rounds: int, seconds: float, cores, progress) -> dict:
    """CPU per request over TCP and over a unix socket, by the lock-step client, in turn."""
    server_cores, client_cores = cores
    result: dict = {}
    for _ in range(rounds):
        for entry in (each for each in entries if "--unix" in each.options):
            for unix in (False, True):
                def measure(e=entry, u=unix):
                    with started(e, server_cores, unix=u) as server:
                        return cost_of(server, Request(connections=CONNECTIONS), seconds, client_cores).us_per_request
                kind = "unix" if unix else "tcp"
                cost = _guarded(progress, f"{kind} socket: {entry.name}", measure)
                if cost is not None:
                    result.setdefault(entry.name, {}).setdefault(kind, []).append(cost)
    return {name: {kind: spread(costs).as_json() for kind, costs in kinds.items()} for name, kinds in result.items()}


def two_threads(entries: list[Entry], rounds: int, seconds: int, cores, progress) -> dict:
    """Plaintext by wrk with one and with two server threads on all cores, wrk among them."""
    everywhere = sorted({*cores[0], *cores[1]})
    cells: dict[str, dict[str, Cell]] = {}
    for _ in range(rounds):
        for entry in (each for each in entries if "--threads" in each.options):
            for threads in ("1", "2"):
                cell = cells.setdefault(entry.name, {}).setdefault(threads, Cell())

                def measure(e=entry, t=threads, c=cell):
                    with started(e, everywhere, "--threads", t) as server:
                        measure_alone(server, BY_KEY["plaintext"], c, seconds, everywhere, False)
                _guarded(progress, f"{threads} threads: {entry.name}", measure)
    return {name: {threads: cell.as_json(None) for threads, cell in kinds.items() if cell.cpu_us}
            for name, kinds in cells.items()}


__all__ = ["IDLE_CONNECTIONS", "allocations", "idle_connections", "instructions", "started", "two_threads",
           "unix_sockets"]
