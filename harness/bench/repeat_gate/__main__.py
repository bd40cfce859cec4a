"""Called by scripts/repeat-gate: one baseline, then many gates of each service against it."""
import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from measure_shim.machine import describe_machine, show_progress
from measure_shim.tools import BIN, REPO

from .rate import upper_bound

EXIT_NOT_MEASURED = 3
SCENARIO = REPO / "harness/specimens/scenarios/rare.json"
# The service, as the shell starts it, and the gate's right exit code.
CLEAN = f"exec {BIN}/specimen-batching-pool-clean"
SERVICES = {"unchanged": (CLEAN, 0),
            "one more allocation a request": (f"SPECIMEN_EXTRA=1 {CLEAN}", 1),
            "one more live block in 1,000 requests": (f"exec {BIN}/specimen-batching-pool", 1)}


class GateFailed(Exception):
    """The gate could not be prepared. The text has what it printed."""


@contextlib.contextmanager
def busy_processors(wanted: bool):
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
             for _ in os.sched_getaffinity(0)] if wanted else []
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


class Gates:
    """A folder with one scenario, whose server is replaced: the gate sees the same service in another version."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("scenarios", "baselines", "reports"):
            (folder / name).mkdir()
        scenario = json.loads(SCENARIO.read_text())
        scenario["target"]["command"] = [str(folder / "service"), "--port", "{port}", "--threads", "4"]
        (folder / "scenarios" / SCENARIO.name).write_text(json.dumps(scenario))

    def install(self, start: str) -> None:
        service = self.folder / "service"
        service.write_text(f'#!/bin/sh\n{start} "$@"\n')
        service.chmod(0o755)

    def leakgate(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([str(BIN / "leakgate"), *words, "--baselines", "baselines", "--reports", "reports"],
                              cwd=self.folder, capture_output=True, text=True, errors="replace")

    def gate(self) -> subprocess.CompletedProcess:
        return self.leakgate("gate", "--scenarios", "scenarios", "--no-trigger")

    def accept(self) -> None:
        first = self.gate()
        accepted = self.leakgate("accept", "--all")
        if first.returncode != 0 or accepted.returncode != 0:
            raise GateFailed(first.stdout + first.stderr + accepted.stdout + accepted.stderr)


def measure(options: argparse.Namespace) -> dict:
    rows = {}
    with tempfile.TemporaryDirectory(prefix="repeat-gate-") as name, busy_processors(options.load):
        gates = Gates(Path(name))
        gates.install(CLEAN)
        gates.accept()
        for service, (start, right) in SERVICES.items():
            gates.install(start)
            codes, first_wrong = Counter(), ""
            for number in range(options.gates):
                ended = gates.gate()
                codes[ended.returncode] += 1
                if ended.returncode != right and not first_wrong:
                    first_wrong = ended.stdout
                show_progress(f"{service}: {number + 1} of {options.gates}, {codes[right]} right")
            wrong = options.gates - codes[right]
            rows[service] = {"right_exit_code": right, "gates": options.gates, "wrong": wrong,
                             "exit_codes": dict(codes), "wrong_rate_below": upper_bound(wrong, options.gates),
                             "first_wrong": first_wrong}
    return {"schema": "leakgate.repeat_gate/1", "machine": describe_machine(), "load": options.load, "services": rows}


def as_text(result: dict) -> str:
    lines = [f"{'service':40} {'right':>6} {'wrong':>6}  true rate of wrong ones, 95 %"]
    for service, row in result["services"].items():
        lines.append(f"{service:40} {row['gates'] - row['wrong']:6} {row['wrong']:6}  below "
                     f"{100 * row['wrong_rate_below']:.1f} %")
    for service, row in result["services"].items():
        if row["first_wrong"]:
            lines.append(f"\n{service}, the first wrong one:\n{row['first_wrong']}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/repeat-gate", add_help=False)
    parser.add_argument("--gates", type=int, default=100)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the loops and removes the folder, as Ctrl-C does
    result = measure(options)
    print(json.dumps(result, indent=1) if options.json else as_text(result))
    return 1 if any(row["wrong"] for row in result["services"].values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except GateFailed as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(EXIT_NOT_MEASURED)
