"""Called by scripts/bench-audit: measures the four servers and writes audit.md and audit.json."""
import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

from leakgate_runs import NotMeasured
from measure_shim.machine import describe_machine, show_progress

from .servers import LEAK, SERVERS, compared_with_leak, counts_of, write_scenario

EXIT_NOT_MEASURED = 3
EXPECTED = "80 to 90 % less growth, stable response times, 20 to 30 % more throughput"
TIMES = ("throughput_rps", "cpu_ns_per_request", "rss_largest_bytes")


def measure(options: argparse.Namespace) -> dict:
    servers = {}
    with tempfile.TemporaryDirectory(prefix="bench-audit-") as folder:
        scenario = write_scenario(Path(folder))
        for server in SERVERS:
            show_progress(f"{server}: counts")
            servers[server] = counts_of(server, scenario)
        for server in SERVERS:
            if server == LEAK:
                continue
            show_progress(f"{server}: {options.rounds} rounds against {LEAK}")
            servers[server]["compared"] = compared_with_leak(server, scenario, options.rounds)
    return {"schema": "leakgate.audit_table/1", "date": date.today().isoformat(), "machine": describe_machine(),
            "note": options.note, "expected": EXPECTED, "servers": servers}


def less_text(value: float, of_leak: float) -> str:
    return f"{100 * (1 - value / of_leak):.1f} % less" if of_leak else "-"


def interval_text(change: dict) -> str:
    low, high = change["percent_low"], change["percent_high"]
    interval = "no interval" if None in (low, high) else f"{low:+.1f} to {high:+.1f}"  # too few rounds, or windows
    return f"{change['percent']:+.1f} % ({interval})"


def change_text(changes: dict, metric: str) -> str:
    return f"{interval_text(changes[metric])}, {changes[metric]['verdict']}" if metric in changes else "-"


def row_of(server: str, row: dict, of_leak: float) -> str:
    growth, allocations = (row["counts"][name]["value"] for name in ("live_bytes_per_request", "allocations_per_request"))
    cells = [server, f"{growth:.4g} B", "" if server == LEAK else less_text(growth, of_leak), f"{allocations:.4g}",
             interval_text(row["latency_drift"]) if row["latency_drift"] else "-"]
    cells += ["" if server == LEAK else change_text(row["compared"]["changes"], metric) for metric in TIMES]
    return "| " + " | ".join(cells) + " |"


def as_markdown(result: dict) -> str:
    machine, servers = result["machine"], result["servers"]
    of_leak = servers[LEAK]["counts"]["live_bytes_per_request"]["value"]
    rounds = [f"{row['compared']['rounds']} rounds ({row['compared']['void_rounds']} void)"
              for row in servers.values() if "compared" in row]
    head = (f"# What the audit expected\n\nThe audit expected {result['expected']}. By `scripts/bench-audit`: {machine['cpu']}, "
            f"{machine['cores']} cores, Linux {machine['kernel']}, {result['date']}. {result['note']}\n\n"
            "Growth and allocations are counts per request under the shim. *Last against first*: median response time of one "
            "run, 95 % interval. The other columns: starts without the shim against the leaking server, 99 % interval, "
            f"{', '.join(rounds)}.\n")
    lines = ["| server | growth | of the leak's | allocations | last against first | throughput | CPU per request | largest RSS |",
             "|---|--:|--:|--:|--:|--:|--:|--:|"]
    lines += [row_of(server, row, of_leak) for server, row in servers.items()]
    return head + "\n" + "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench-audit", add_help=False)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--output", type=Path, default=Path("build/bench-audit"))
    parser.add_argument("--note", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options)
    text = as_markdown(result)
    options.output.mkdir(parents=True, exist_ok=True)
    for name, content in (("audit.md", text), ("audit.json", json.dumps(result, indent=1) + "\n")):
        new = options.output / f"{name}.new"
        new.write_text(content)
        new.replace(options.output / name)
    print(json.dumps(result, indent=1) if options.json else text)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotMeasured as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(EXIT_NOT_MEASURED)
