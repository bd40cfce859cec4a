"""CPU time and memory of a process and all its children and threads, from /proc."""
import os
from dataclasses import dataclass
from pathlib import Path

_TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class CpuTime:
    """total_ns is exact to the nanosecond (schedstat); the split is by clock ticks of 10 ms."""

    total_ns: int = 0
    user_ticks_ns: int = 0
    system_ticks_ns: int = 0

    def __add__(self, other: "CpuTime") -> "CpuTime":
        return CpuTime(self.total_ns + other.total_ns, self.user_ticks_ns + other.user_ticks_ns,
                       self.system_ticks_ns + other.system_ticks_ns)

    def __sub__(self, other: "CpuTime") -> "CpuTime":
        return CpuTime(self.total_ns - other.total_ns, self.user_ticks_ns - other.user_ticks_ns,
                       self.system_ticks_ns - other.system_ticks_ns)

    @property
    def user_share(self) -> float:
        ticks = self.user_ticks_ns + self.system_ticks_ns
        return self.user_ticks_ns / ticks if ticks else 0.0


def process_tree(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += process_tree(int(child))
    return found


def parse_stat_times(stat: str) -> tuple[int, int]:
    """utime and stime in ticks of a /proc/PID/stat line; the name in it may hold spaces and parentheses."""
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]), int(fields[12])


def _usage_of_one(pid: int) -> CpuTime:
    user, system = parse_stat_times(Path(f"/proc/{pid}/stat").read_text())
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return CpuTime(total, user * _TICK_NS, system * _TICK_NS)


def cpu_time(pid: int) -> CpuTime:
    return sum((_usage_of_one(each) for each in process_tree(pid)), CpuTime())


def resident_bytes(pid: int) -> int:
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) * page for each in process_tree(pid))
