"""Called by scripts/compare-aa: comparisons of the demo with itself, or with a planted cost, in a log."""
import argparse
import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from leakgate_runs import NotMeasured, run_leakgate
from measure_shim.machine import describe_machine, show_progress
from measure_shim.tools import REPO

from .sides import SCENARIO, Sides, make_sides, run, work_folder
from .summary import BadLog, as_markdown, read_log, summarise

EXIT_USAGE = 2
EXIT_NOT_MEASURED = 3


def compare(sides: Sides, rounds: int, seed: int) -> dict:
    return json.loads(run_leakgate("compare", "--json", "--quiet", "--rounds", str(rounds), "--seed", str(seed),
                                   "--a-target", sides.a, "--b-target", sides.b, str(SCENARIO)))[0]


def entry_of(result: dict, sides: Sides, seconds: float) -> dict:
    """What the table needs, in one line of the log."""
    counts = [change["name"] for change in result["counts"]["metrics"] if change["change"] in ("better", "worse")]
    kept = ("metric", "percent", "percent_low", "percent_high", "sees_percent", "p_adjusted", "verdict")
    return {"schema": "leakgate.compare_aa/1", "kind": sides.kind, "planted_percent": sides.planted_percent,
            "time": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "commit": run(["git", "rev-parse", "--short=12", "HEAD"]).strip(), "machine": describe_machine(),
            "seed": result["seed"], "seconds": round(seconds, 1), "rounds": result["rounds"],
            "void_rounds": result["void_rounds"], "control_moved": result["control_moved"],
            "same_side_tests": result["same_side_tests"], "same_side_alarms": result["same_side_alarms"],
            "changes": [{name: change[name] for name in kept} for change in result["changes"]],
            "counts_changed": counts}


def measure(options: argparse.Namespace) -> None:
    seed = max((entry["seed"] for entry in read_log(options.log)), default=0)
    for number in range(1, options.count + 1):
        seed += 1
        start = time.monotonic()
        with work_folder() as folder:
            sides = make_sides(options, seed, folder)
            entry = entry_of(compare(sides, options.rounds, seed), sides, 0)
        entry["seconds"] = round(time.monotonic() - start, 1)
        with options.log.open("a") as log:
            log.write(json.dumps(entry) + "\n")
        alarms = [change["metric"] for change in entry["changes"] if change["verdict"] in ("better", "worse")]
        left = (options.count - number) * entry["seconds"] / 60
        show_progress(f"{sides.kind}: {number} of {options.count}, "
                      f"{', '.join(alarms + entry['counts_changed']) or 'no change'}; about {left:.0f} min left")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/compare-aa", add_help=False)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--planted", type=float, default=0)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--log", type=Path, default=REPO / "harness/doc/bench/compare-aa.jsonl")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    measure(options)
    table = summarise(read_log(options.log))
    print(json.dumps(table, indent=1) if options.json else as_markdown(table))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BadLog as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(EXIT_USAGE)
    except NotMeasured as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(EXIT_NOT_MEASURED)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; what was compared is in the log\n")
        sys.exit(EXIT_NOT_MEASURED)
