"""Called by scripts/bench-shim: measures, writes results.md and results.json, prints one of them."""
import argparse
import json
import re
import sys
from pathlib import Path

from . import markdown
from .machine import describe_machine, show_progress
from .rounds import WorkloadRounds
from .tools import NONE, WORK
from .workloads import RunFailed, all_workloads

EXIT_NOT_MEASURED = 3


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench-shim", add_help=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", type=re.compile, default=re.compile(""))
    parser.add_argument("--output", type=Path, default=WORK)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.rounds is None:
        options.rounds = 1 if options.quick else 5
    if options.rounds < 1:
        parser.error("--rounds: expected 1 or more")
    return options


def measure(options: argparse.Namespace) -> dict:
    WORK.mkdir(parents=True, exist_ok=True)
    chosen = [workload for workload in all_workloads(options.quick) if options.only.search(workload.name)]
    rounds = [WorkloadRounds(workload) for workload in chosen]
    for number in range(options.rounds):
        for workload in rounds:
            workload.run_round(number, lambda text: show_progress(f"round {number + 1} of {options.rounds}, {text}"))
    for leftover in WORK.glob("heaptrack*"):
        leftover.unlink()
    return {"schema": "leakgate.bench_shim/1", "machine": describe_machine(), "rounds": options.rounds,
            "quick": options.quick, "workloads": [workload.summary() for workload in rounds]}


def main() -> int:
    options = read_options()
    result = measure(options)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.output / "results.md").write_text(markdown.document(result))
    if sys.stderr.isatty():
        show_progress("")
    print(json.dumps(result, indent=1) if options.json else markdown.document(result))
    whole = result["workloads"] and all(w["tools"][NONE]["cpu_ns"] is not None for w in result["workloads"])
    return 0 if whole else EXIT_NOT_MEASURED


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunFailed as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(EXIT_NOT_MEASURED)
