"""The table: every server under every column, side by side, several rounds."""
import contextlib
import random
from dataclasses import dataclass, field

from . import wrk
from .catalogue import Entry
from .columns import BY_KEY, Column
from .process_usage import CpuTime
from .server import Server
from .spread import paired_ratios, spread

CONNECTIONS = 64
FLOOR = "floor-epoll"
TURNS_PER_SECOND = 10


@dataclass
class Cell:
    """One value a round. Microseconds are CPU time of the server per request; throughput and latencies are wrk's, of
    loads that had the machine to themselves, and there are none where there was no such load."""

    cpu_us: list[float] = field(default_factory=list)
    ticks: CpuTime = CpuTime()  # of all rounds together: the split is too coarse for one
    requests_per_second: list[float] = field(default_factory=list)
    p50_us: list[float] = field(default_factory=list)
    p99_us: list[float] = field(default_factory=list)
    p999_us: list[float] = field(default_factory=list)
    failure: str = ""

    def add_cost(self, requests: int, cpu: CpuTime) -> None:
        self.cpu_us.append(cpu.total_ns / 1000 / requests)
        self.ticks += cpu

    def add_load(self, load: wrk.Load) -> None:
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
                  "rounds_cpu_us": self.cpu_us}
        if self.requests_per_second:
            result |= {key: spread(getattr(self, key)).median
                       for key in ("requests_per_second", "p50_us", "p99_us", "p999_us")}
        if floor is not None and not floor.failure:
            result["ratio_to_floor"] = spread(paired_ratios(self.cpu_us, floor.cpu_us)).as_json()
        return result


def measure_alone(server: Server, column: Column, cell: Cell, seconds: int, client_cores: list[int],
                  keep_alive: bool) -> None:
    before = server.cpu_time()
    load = wrk.run(server.address, column, CONNECTIONS, seconds, client_cores, keep_alive)
    cell.add_cost(load.requests, server.cpu_time() - before)
    cell.add_load(load)


@dataclass
class Contestant:
    """A running server, and why it cannot be measured under a column, by column key."""

    entry: Entry
    server: Server
    failures: dict[str, str]


class Table:
    """Cells by server name and column key. One that fails is left out with its reason; the others go on."""

    def __init__(self, contestants: list[Contestant], columns: list[str], seconds: int, client_cores: list[int],
                 progress):
        self.cells = {each.entry.name: {key: Cell(failure=each.failures.get(key, "")) for key in columns
                                        if key in each.entry.loads} for each in contestants}
        self._contestants = contestants
        self._columns = columns
        self._seconds = seconds
        self._client_cores = client_cores
        self._progress = progress

    def measure(self, rounds: int) -> None:
        for number in range(rounds):
            for key in self._columns:
                self._progress.step(f"round {number + 1} of {rounds}: {key}")
                self._side_by_side(key)
            for each in self._able("plaintext"):
                self._progress.step(f"round {number + 1} of {rounds}: latencies, {each.entry.name}")
                with self._left_out_if_it_fails(each, "plaintext") as cell:
                    cell.add_load(wrk.run(each.server.address, BY_KEY["plaintext"], CONNECTIONS, self._seconds,
                                          self._client_cores, each.entry.says_keep_alive))

    def _able(self, key: str) -> list[Contestant]:
        return [each for each in self._contestants
                if key in self.cells[each.entry.name] and not self.cells[each.entry.name][key].failure]

    def _side_by_side(self, key: str) -> None:
        with contextlib.ExitStack() as stack:
            loads = [(each, stack.enter_context(
                wrk.LoadInTurns(each.server, BY_KEY[key], CONNECTIONS, self._client_cores,
                                each.entry.says_keep_alive))) for each in self._able(key)]
            for _ in range(self._seconds * TURNS_PER_SECOND):
                random.shuffle(loads)
                for each, load in loads:
                    with self._left_out_if_it_fails(each, key):
                        load.turn(1 / TURNS_PER_SECOND)
                loads = [(each, load) for each, load in loads if not self.cells[each.entry.name][key].failure]
            for each, load in loads:
                with self._left_out_if_it_fails(each, key) as cell:
                    cell.add_cost(load.finish(), load.cpu)

    @contextlib.contextmanager
    def _left_out_if_it_fails(self, contestant: Contestant, key: str):
        cell = self.cells[contestant.entry.name][key]
        try:
            yield cell
        except (wrk.LoadFailed, OSError) as error:
            cell.failure = f"{contestant.entry.name} {error}"
            self._progress.note(f"left out: {cell.failure}")
