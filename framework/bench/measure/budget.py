"""The budget of instructions: what a request may cost, checked without a clock.

Called by scripts/instructions. Exit codes: 0 within the budget; 1 outside of it; 2 wrong usage or a bad budget file;
3 could not measure.
"""
import argparse
import json
import os
import subprocess
import sys

from .callgrind import LOCKSTEP, counted_h3
from .client import ClientFailed
from .paths import BENCH, REPO
from .server import ServerFailed

FILE = BENCH / "instruction_budget.json"
TOLERANCE_PERCENT = 2.0
ACCEPT = "scripts/instructions --accept"


class BadBudget(Exception):
    """The file lacks needed values."""


def compiler() -> str:
    said = subprocess.run(["c++", "--version"], capture_output=True, text=True, check=True).stdout
    return said.splitlines()[0]


def read_budget() -> dict:
    try:
        budget = json.loads(FILE.read_text())
        {kind.key: float(budget["instructions_per_request"][kind.key]) for kind in LOCKSTEP}
        float(budget["tolerance_percent"])
        return budget
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadBudget(f"{FILE.relative_to(REPO)}: {error!r}; write it anew with {ACCEPT}") from error


def write_budget(found: dict[str, float]) -> None:
    budget = {"schema": "h3.instruction_budget/1", "tolerance_percent": TOLERANCE_PERCENT, "compiler": compiler(),
              "instructions_per_request": {key: round(value) for key, value in found.items()}}
    FILE.write_text(json.dumps(budget, indent=2) + "\n")


def judge(kind: str, found: float, expected: float, tolerance_percent: float) -> tuple[bool, str]:
    """Whether it is within the tolerance, and a line that says so. Cheaper than expected is out of the budget too:
    else it could be spent again unseen."""
    change = 100 * (found / expected - 1)
    within = 100 * abs(found - expected) <= tolerance_percent * expected
    verdict = "ok  " if within else ("MORE" if change > 0 else "LESS")
    return within, (f"{verdict}  {kind:<22} found {found:7,.0f}  expected {expected:7,.0f}  {change:+6.2f} %  "
                    f"(tolerance {tolerance_percent:g} %)")


def measure_all() -> dict[str, float]:
    with counted_h3(sorted(os.sched_getaffinity(0))) as h3:
        return {kind.key: h3.per_request(kind.request) for kind in LOCKSTEP}


def check(found: dict[str, float]) -> int:
    budget = read_budget()
    results = [judge(kind.key, found[kind.key], budget["instructions_per_request"][kind.key],
                     budget["tolerance_percent"]) for kind in LOCKSTEP]
    for _, line in results:
        print(line)
    if all(within for within, _ in results):
        return 0
    print("\nUser instructions per request, by callgrind over h3-demo, are out of their budget.\n"
          f"MORE that is not meant: look at what was added to the hot path. A change that is meant: {ACCEPT}\n"
          f"and commit {FILE.relative_to(REPO)}.")
    if budget.get("compiler") != compiler():
        print(f"The budget was accepted with another compiler, {budget.get('compiler')}; this is {compiler()}.")
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/instructions", description="checks the budget of instructions")
    parser.add_argument("--accept", action="store_true", help="write what is found as the new budget")
    options = parser.parse_args()
    try:
        if not options.accept:
            read_budget()  # before measuring
        found = measure_all()
        if not options.accept:
            return check(found)
        write_budget(found)
        print(FILE.read_text(), end="")
        return 0
    except BadBudget as error:
        print(error, file=sys.stderr)
        return 2
    except (ServerFailed, ClientFailed, OSError, ValueError) as error:
        print(f"could not measure: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
