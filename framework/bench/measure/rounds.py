"""The table: every server under every column, in turn, several rounds."""
from dataclasses import dataclass, field

from . import wrk
from .catalogue import Entry
from .columns import BY_KEY, Column
from .process_usage import CpuTime
from .server import Server
from .spread import paired_ratios, spread

CONNECTIONS = 64
FLOOR = "floor-epoll"


@dataclass
class Cell:
    """One value a round. Microseconds are CPU time of the server per request, latencies are wrk's."""

    cpu_us: list[float] = field(default_factory=list)
    ticks: CpuTime = CpuTime()  # of all rounds together: the split is too coarse for one
    requests_per_second: list[float] = field(default_factory=list)
    p50_us: list[float] = field(default_factory=list)
    p99_us: list[float] = field(default_factory=list)
    p999_us: list[float] = field(default_factory=list)
    failure: str = ""

    def add(self, load: wrk.Load, cpu: CpuTime) -> None:
        self.cpu_us.append(cpu.total_ns / 1000 / load.requests)
        self.ticks += cpu
        self.requests_per_second.append(load.requests / load.seconds)
        self.p50_us.append(load.p50_us)
        self.p99_us.append(load.p99_us)
        self.p999_us.append(load.p999_us)

    def as_json(self, floor: "Cell | None") -> dict:
        if self.failure:
            return {"failure": self.failure}
        total = spread(self.cpu_us).median
        user = total * self.ticks.user_share
        result = {"cpu_us": spread(self.cpu_us).as_json(), "user_us": user, "system_us": total - user,
                  "requests_per_second": spread(self.requests_per_second).median,
                  "p50_us": spread(self.p50_us).median, "p99_us": spread(self.p99_us).median,
                  "p999_us": spread(self.p999_us).median, "rounds_cpu_us": self.cpu_us}
        if floor is not None and not floor.failure:
            result["ratio_to_floor"] = spread(paired_ratios(self.cpu_us, floor.cpu_us)).as_json()
        return result


def measure_once(server: Server, column: Column, cell: Cell, seconds: int, client_cores: list[int],
                 keep_alive: bool) -> None:
    before = server.cpu_time()
    load = wrk.run(server.address, column, CONNECTIONS, seconds, client_cores, keep_alive)
    cell.add(load, server.cpu_time() - before)


@dataclass
class Contestant:
    """A running server, and why it cannot be measured under a column, by column key."""

    entry: Entry
    server: Server
    failures: dict[str, str]


def measure_rounds(contestants: list[Contestant], columns: list[str], rounds: int, seconds: int,
                   client_cores: list[int], progress) -> dict[str, dict[str, Cell]]:
    """Cells by server name and column key. One that fails is left out with its reason; the others go on."""
    cells = {each.entry.name: {key: Cell(failure=each.failures.get(key, "")) for key in columns
                               if key in each.entry.columns} for each in contestants}
    for number in range(rounds):
        for key in columns:
            turn = number % len(contestants)
            for each in contestants[turn:] + contestants[:turn]:
                name = each.entry.name
                cell = cells[name].get(key)
                if cell is None or cell.failure:
                    continue
                progress.step(f"round {number + 1} of {rounds}: {key}, {name}")
                try:
                    measure_once(each.server, BY_KEY[key], cell, seconds, client_cores, each.entry.says_keep_alive)
                except (wrk.LoadFailed, OSError) as error:
                    cell.failure = f"{name} {error}"
                    progress.note(f"left out: {cell.failure}")
    return cells
