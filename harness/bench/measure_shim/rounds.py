"""Runs every tool on a workload in turn, several times, so that what the machine does meanwhile meets them all."""
import json
import statistics
from dataclasses import dataclass, field

from .tools import AUDIT, HEAPTRACK, NONE, TOOLS, Tool
from .workloads import RunFailed


@dataclass
class Result:
    """A tool's costs on a workload, round by round; None where it failed."""
    costs: list = field(default_factory=list)
    error: str = ""
    audit: dict = field(default_factory=dict)


def median(values: list):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


class WorkloadRounds:
    def __init__(self, workload):
        self.workload = workload
        self.results = {tool.name: Result() for tool in TOOLS}

    def run_round(self, number: int, progress) -> None:
        # Each round begins with another tool.
        for tool in TOOLS[number % len(TOOLS):] + TOOLS[:number % len(TOOLS)]:
            progress(f"{self.workload.name}: {tool.name}")
            self._run(tool)

    def _run(self, tool: Tool) -> None:
        result = self.results[tool.name]
        AUDIT.unlink(missing_ok=True)
        try:
            result.costs.append(None if result.error else self.workload.run(tool))
        except RunFailed as failure:
            result.error = str(failure)
            result.costs.append(None)
        if tool.is_shim and AUDIT.exists():
            for name, value in json.loads(AUDIT.read_text()).items():
                result.audit[name] = result.audit.get(name, 0) + value

    def _by_round(self, name: str, figure):
        """figure(cost of the tool, cost without any) for each round that has both."""
        pairs = zip(self.results[name].costs, self.results[NONE].costs)
        return [figure(cost, none) if cost and none else None for cost, none in pairs]

    def summary(self) -> dict:
        """By tool; the ratios are medians of each round's own."""
        # Where heaptrack adds next to nothing, a ratio to that says nothing.
        heaptrack = self._by_round(HEAPTRACK, lambda cost, none: cost.cpu_ns - none.cpu_ns
                                   if cost.cpu_ns > 1.05 * none.cpu_ns else None)
        rows = {}
        for tool in TOOLS:
            added = self._by_round(tool.name, lambda cost, none: cost.cpu_ns - none.cpu_ns)
            against = [mine / its if mine is not None and its is not None else None
                       for mine, its in zip(added, heaptrack)]
            result = self.results[tool.name]
            rows[tool.name] = {
                "cpu_ns": median([cost and cost.cpu_ns for cost in result.costs]),
                "added_ns": median(added),
                "added_ns_rounds": added,
                "cpu_ratio": median(self._by_round(tool.name, lambda cost, none: cost.cpu_ns / none.cpu_ns)),
                "added_to_heaptracks": median(against),
                "peak_bytes": median([cost and cost.peak_bytes for cost in result.costs]),
                "peak_ratio": median(self._by_round(tool.name, lambda cost, none: cost.peak_bytes / none.peak_bytes)),
                "error": result.error,
                "audit": result.audit,
            }
        return {"name": self.workload.name, "unit": self.workload.unit, "tools": rows}
