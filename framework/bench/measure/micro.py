"""The micro-benchmarks, and the audit's own loop."""
import json
import subprocess

from .paths import BIN
from .server import run_on


REPETITIONS = 3


def micro_benchmarks(min_seconds: float, cores: list[int]) -> dict[str, dict]:
    """CPU nanoseconds and heap allocations per iteration, by name: the least of a few repetitions, which are
    spread over the whole run, since a shared machine has its slow minutes."""
    done = subprocess.run([str(BIN / "h3-bench"), f"--benchmark_min_time={min_seconds}", "--benchmark_format=json",
                           f"--benchmark_repetitions={REPETITIONS}", "--benchmark_enable_random_interleaving=true"],
                          capture_output=True, text=True, check=True, preexec_fn=run_on(cores))
    return least_of_repetitions(json.loads(done.stdout)["benchmarks"])


def least_of_repetitions(runs: list[dict]) -> dict[str, dict]:
    """From Google Benchmark's list, in which means and the like stand beside the repetitions."""
    least: dict[str, dict] = {}
    in_order = sorted((each for each in runs if each["run_type"] == "iteration"),
                      key=lambda each: (each["family_index"], each["per_family_instance_index"]))
    for each in in_order:
        known = least.setdefault(each["run_name"], {"cpu_ns": each["cpu_time"], "allocations": each["allocs"]})
        known["cpu_ns"] = min(known["cpu_ns"], each["cpu_time"])
        known["allocations"] = max(known["allocations"], each["allocs"])
    return least


def audit_loop(iterations: int, cores: list[int]) -> dict:
    done = subprocess.run([str(BIN / "h3-audit-loop"), str(iterations)], capture_output=True, text=True, check=True,
                          preexec_fn=run_on(cores))
    return json.loads(done.stdout)
