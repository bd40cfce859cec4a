"""The micro-benchmarks, and the audit's own loop."""
import json
import subprocess

from .paths import BIN
from .server import run_on


def micro_benchmarks(min_seconds: float, cores: list[int]) -> dict[str, dict]:
    """CPU nanoseconds and heap allocations per iteration, by name."""
    done = subprocess.run([str(BIN / "h3-bench"), f"--benchmark_min_time={min_seconds}", "--benchmark_format=json"],
                          capture_output=True, text=True, check=True, preexec_fn=run_on(cores))
    return {each["name"]: {"cpu_ns": each["cpu_time"], "allocations": each["allocs"]}
            for each in json.loads(done.stdout)["benchmarks"]}


def audit_loop(iterations: int, cores: list[int]) -> dict:
    done = subprocess.run([str(BIN / "h3-audit-loop"), str(iterations)], capture_output=True, text=True, check=True,
                          preexec_fn=run_on(cores))
    return json.loads(done.stdout)
