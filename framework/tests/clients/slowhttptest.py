"""Called by scripts/slow-clients: slowhttptest in its four modes against h3-demo, with the deadlines of production."""
import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measure.progress import Progress
from measure.server import ServerFailed

from .site import Site

EXIT_WRONG, EXIT_NOT_RUN, EXIT_SKIPPED, EXIT_INTERRUPTED = 1, 3, 77, 130
PROBE_SECONDS = 5  # how soon another client must have its response


@dataclass(frozen=True)
class Mode:
    """seconds: when the tool gives up. ends: whether H3 must have closed every connection by then."""
    name: str
    path: str
    arguments: tuple[str, ...]
    seconds: int
    ends: bool = True


MODES = (
    Mode("slow headers", "/plaintext", ("-H",), 60),
    Mode("slow body", "/echo", ("-B", "-s", "8192"), 60),
    Mode("slow read", "/static/large.bin", ("-X", "-w", "10", "-y", "20", "-n", "1", "-z", "32", "-k", "1"), 240),
    # It keeps its connections, which are idle then.
    Mode("range", "/static/large.bin", ("-R", "-t", "GET", "-a", "5", "-b", "1500"), 20, ends=False),
)


@dataclass(frozen=True)
class Outcome:
    seconds: int
    unavailable_seconds: int  # in which another client got no response in time
    ended: bool               # no connection was left open

    def problems(self, mode: Mode) -> list[str]:
        found = []
        if self.unavailable_seconds:
            found.append(f"another client got no response in {self.unavailable_seconds} of {self.seconds} s")
        if mode.ends and not self.ended:
            found.append(f"connections are open after {self.seconds} s")
        return found


def read_outcome(printed: str, table: str) -> Outcome:
    """From what the tool prints and its table, a row a second: Seconds,Closed,Pending,Connected,Service Available."""
    rows = [line.split(",") for line in table.splitlines()[1:] if line]
    ended = re.search(r"Exit status:.*No open connections left", printed) is not None
    return Outcome(len(rows), sum(row[4] == "0" for row in rows), ended)


def run(mode: Mode, site: Site, connections: int) -> Outcome:
    results = site.folder / "slowhttptest"
    command = ["slowhttptest", *mode.arguments, "-c", str(connections), "-r", "100", "-i", "1", "-l", str(mode.seconds),
               "-p", str(PROBE_SECONDS), "-g", "-o", str(results), "-u", site.tcp.base + mode.path]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=mode.seconds + 60)
    table = results.with_suffix(".csv")
    if not table.exists():
        raise ServerFailed(f"slowhttptest ended with {done.returncode} without a table:\n{done.stdout[-500:]}")
    return read_outcome(done.stdout, table.read_text())


def run_all(options: argparse.Namespace) -> int:
    progress, results, wrong = Progress(), [], False
    for mode in MODES:
        progress.phase(f"{mode.name}, {options.connections} connections, at most {mode.seconds} s")
        with tempfile.TemporaryDirectory(prefix="h3-slow-") as name:
            with Site(options.server, Path(name), options.reactor) as site:
                outcome = run(mode, site, options.connections)
                problems = outcome.problems(mode)
                if (code := site.stop()) != 0:
                    problems.append(f"h3-demo ended with {code}")
        wrong = wrong or bool(problems)
        results.append({"mode": mode.name, "seconds": outcome.seconds, "problems": problems})
        if not options.json:
            print(f"{mode.name:13} {outcome.seconds:4} s  {'; '.join(problems) or 'as expected'}", flush=True)
    if options.json:
        print(json.dumps({"connections": options.connections, "reactor": options.reactor, "modes": results}, indent=1))
    return EXIT_WRONG if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/slow-clients", add_help=False)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=300)
    parser.add_argument("--reactor", choices=("epoll", "io_uring"), default="epoll")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not 1 <= options.connections <= 5_000:
        parser.error(f"--connections: found {options.connections}, expected 1 to 5000")
    if shutil.which("slowhttptest") is None:
        print("SKIPPED: needs slowhttptest (Debian: slowhttptest)", file=sys.stderr)
        return EXIT_SKIPPED
    try:
        return run_all(options)
    except (ServerFailed, OSError, subprocess.TimeoutExpired) as error:
        print(f"scripts/slow-clients: could not run: {error}", file=sys.stderr)
        return EXIT_NOT_RUN
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
