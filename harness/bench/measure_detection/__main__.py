"""Called by scripts/bench-detection: runs every case, writes detection.md and detection.json, prints one of them."""
import argparse
import datetime
import json
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measure_shim.machine import STARTED, describe_machine, show_progress
from measure_shim.tools import REPO

from . import markdown
from .corpus import load_corpus
from .peers import TOOLS, WORK, prepare, run_case

EXIT_USAGE = 2
EXIT_NOT_MEASURED = 3


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench-detection", add_help=False)
    parser.add_argument("--only", type=re.compile, default=re.compile(""))
    parser.add_argument("--tool", action="append", choices=list(TOOLS))
    parser.add_argument("--jobs", type=int, default=describe_machine()["cores"])
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--output", type=Path, default=WORK)
    parser.add_argument("--note", default="")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Progress:
    """Counts finished cases, and estimates the rest by the time that they took."""

    def __init__(self, total: int):
        self.total, self.done, self.lock = total, 0, threading.Lock()
        self.begun = time.monotonic()

    def finished(self, name: str, tool: str, verdict: str) -> None:
        with self.lock:
            self.done += 1
            left = (time.monotonic() - self.begun) / self.done * (self.total - self.done)
            show_progress(f"{self.done} of {self.total}, some {left / 60:.0f} min left: {name}, {tool}: {verdict}")


def measure(options: argparse.Namespace) -> dict:
    corpus = load_corpus(options.only)
    cases = [(specimen, tool) for specimen in corpus for tool in TOOLS if not options.tool or tool in options.tool]
    progress = Progress(len(cases))

    def run(case):
        specimen, tool = case
        outcome = run_case(tool, specimen, options.timeout)
        progress.finished(specimen.name, tool, outcome.verdict)
        return outcome

    with ThreadPoolExecutor(options.jobs) as workers:
        outcomes = dict(zip(((specimen.name, tool) for specimen, tool in cases), workers.map(run, cases)))
    empty = {"verdict": "not run", "seconds": 0, "remark": ""}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=REPO, capture_output=True, text=True).stdout
    return {"schema": "leakgate.bench_detection/1", "machine": describe_machine(), "commit": commit.strip(),
            "date": datetime.date.today().isoformat(), "jobs": options.jobs, "note": options.note,
            "seconds": round(time.monotonic() - STARTED), "specimens": [
                {"name": specimen.name, "sick": specimen.sick, "functions": specimen.functions,
                 "tools": {tool: vars(outcomes[specimen.name, tool]) if (specimen.name, tool) in outcomes else empty
                           for tool in TOOLS}} for specimen in corpus]}


def main() -> int:
    options = read_options()
    if not load_corpus(options.only):
        sys.stderr.write(f"scripts/bench-detection: --only {options.only.pattern}: matches no specimen's name\n")
        return EXIT_USAGE
    show_progress("build the specimens with LeakSanitizer")
    prepare()
    result = measure(options)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "detection.json").write_text(json.dumps(result, indent=1) + "\n")
    (options.output / "detection.md").write_text(markdown.document(result))
    print(json.dumps(result, indent=1) if options.json else markdown.document(result))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(EXIT_NOT_MEASURED)
