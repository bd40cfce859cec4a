"""Runs every tool on a workload in turn, several times, so that noise of the machine affects all alike."""
import json
import math
import statistics
from dataclasses import dataclass, field

from .tools import HEAPTRACK, NONE, TOOLS


@dataclass
class Result:
    """A tool's costs on a workload, turn by turn; None where it failed."""
    costs: list = field(default_factory=list)
    error: str = ""
    audit: dict = field(default_factory=dict)


def median(values: list):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def interval_of_median(values: list):
    """Of two order statistics, so that it holds the median with a confidence of 95 % or more, whatever the
    distribution; None when there are fewer than six values."""
    known = sorted(value for value in values if value is not None)
    rank, outside = 0, 0.5 ** len(known)  # outside: the chance that fewer than rank + 1 values are below the median
    while outside <= 0.025:
        rank += 1
        outside += math.comb(len(known), rank) * 0.5 ** len(known)
    return [known[rank - 1], known[-rank]] if rank > 0 else None


class WorkloadRounds:
    def __init__(self, workload):
        self.workload = workload
        self.results = {tool.name: Result() for tool in TOOLS}

    def run_round(self, number: int, progress) -> None:
        # Each round begins with another tool. One that failed is left out from then on.
        tools = [tool for tool in TOOLS[number % len(TOOLS):] + TOOLS[:number % len(TOOLS)]
                 if not self.results[tool.name].error]
        for tool in tools:
            if tool.audit:
                tool.audit.unlink(missing_ok=True)
        self.workload.run_round(tools, lambda text: progress(f"{self.workload.name}: {text}"), self._add)
        turns = max(len(result.costs) for result in self.results.values())
        for result in self.results.values():
            result.costs += [None] * (turns - len(result.costs))
        for tool in tools:
            if tool.audit and tool.audit.exists():
                audit = self.results[tool.name].audit
                for name, value in json.loads(tool.audit.read_text())["lost"].items():
                    audit[name] = audit.get(name, 0) + value

    def _add(self, tool, costs: list, error: str) -> None:
        result = self.results[tool.name]
        result.costs += costs
        result.error = error

    def _by_turn(self, name: str, figure):
        """figure(cost of the tool, cost without any) for each turn that has both."""
        pairs = zip(self.results[name].costs, self.results[NONE].costs)
        return [figure(cost, none) if cost and none else None for cost, none in pairs]

    def summary(self) -> dict:
        """By tool; the ratios are medians of each turn's own."""
        # Where heaptrack adds next to nothing, a ratio to that says nothing.
        heaptrack = self._by_turn(HEAPTRACK, lambda cost, none: cost.cpu_ns - none.cpu_ns
                                   if cost.cpu_ns > 1.05 * none.cpu_ns else None)
        rows = {}
        for tool in TOOLS:
            added = self._by_turn(tool.name, lambda cost, none: cost.cpu_ns - none.cpu_ns)
            against = [mine / its if mine is not None and its is not None else None
                       for mine, its in zip(added, heaptrack)]
            ratios = self._by_turn(tool.name, lambda cost, none: cost.cpu_ns / none.cpu_ns)
            result = self.results[tool.name]
            rows[tool.name] = {
                "cpu_ns": median([cost and cost.cpu_ns for cost in result.costs]),
                "added_ns": median(added),
                "added_ns_turns": added,
                "cpu_ratio": median(ratios),
                "cpu_ratio_interval": interval_of_median(ratios),
                "added_to_heaptracks": median(against),
                "peak_bytes": median([cost and cost.peak_bytes for cost in result.costs]),
                "peak_ratio": median(self._by_turn(tool.name, lambda cost, none: cost.peak_bytes / none.peak_bytes)),
                "error": result.error,
                "audit": result.audit,
            }
        return {"name": self.workload.name, "unit": self.workload.unit, "tools": rows}
