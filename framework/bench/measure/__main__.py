"""Called by scripts/bench: measures everything, writes results.md, results.json and the plots."""
import argparse
import contextlib
import json
import os
import re
import signal
import sys
from pathlib import Path

from . import extras, footprint, machine, markdown, micro, scaling, svg_plot, wrk
from .catalogue import Entry, catalogue, copy_scripts, version_of
from .client import ClientFailed
from .columns import BY_KEY, COLUMNS, WrongResponse, check_response
from .paths import WORK
from .progress import Progress
from .rounds import CONNECTIONS, FLOOR, Cell, Contestant, Table
from .server import Server, ServerFailed


MUST_WORK = (FLOOR, "h3")  # a table without them says nothing


def _pattern(text: str) -> re.Pattern:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"not a regular expression: {error}") from error


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", add_help=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--only", type=_pattern, default=re.compile(""))
    parser.add_argument("--output", type=Path, default=WORK)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.rounds is None:
        options.rounds = 1 if options.quick else 5
    if options.rounds < 1 or options.seconds < 1:
        parser.error("--rounds and --seconds: expected 1 or more")
    return options


def share_cores() -> tuple[list[int], list[int]]:
    """One core for the server, another one for the client."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) == 1:
        return cores, cores
    return cores[:1], cores[1:2]


class Run:
    """One run: its options, and the results so far."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.progress = Progress()
        self.cores = share_cores()
        self.left_out: list[str] = []
        self.entries = self._choose()
        self.result = {
            "schema": "h3.bench/1",
            "machine": machine.describe(),
            "options": {"quick": options.quick, "rounds": options.rounds, "seconds": options.seconds,
                        "server_cores": self.cores[0], "client_cores": self.cores[1]},
            "columns": [column.key for column in COLUMNS],
            "left_out": self.left_out,
        }

    def _choose(self):
        chosen = []
        for entry in catalogue():
            if not (self.options.only.search(entry.name) or entry.name == FLOOR):
                continue
            if entry.available():
                chosen.append(entry)
            else:
                self._leave_out(f"{entry.title}: {entry.missing}")
        return chosen

    def _leave_out(self, why: str) -> None:
        self.left_out.append(why)
        self.progress.note(f"left out: {why}")

    def everything(self) -> dict:
        self._table()
        quick = self.options.quick
        self._phase("allocations", lambda: extras.allocations(
            self.entries, ["plaintext"] if quick else self.result["columns"], self.progress))
        self._phase("instructions", lambda: extras.instructions(self.entries, quick, self.progress))
        self._phase("idle_connections", lambda: extras.idle_connections(
            self.entries, 1000 if quick else extras.IDLE_CONNECTIONS, self.cores, self.progress))
        rounds = min(self.options.rounds, 3)
        self._phase("unix_sockets", lambda: extras.unix_sockets(
            self.entries, rounds, self.options.seconds, self.cores, self.progress))
        self._phase("two_threads", lambda: extras.two_threads(
            self.entries, rounds, self.options.seconds, self.cores, self.progress))
        self._phase("footprint", lambda: footprint.footprint(1 if quick else 3))
        self._phase("scaling", lambda: self._scaling(rounds))
        self._phase("audit_loop", lambda: [micro.audit_loop(n, self.cores[0]) for n in (1000, 1_000_000)])
        self._phase("micro", lambda: micro.micro_benchmarks(0.01 if quick else 0.1, self.cores[0]))
        return self.result

    def _phase(self, key: str, measure) -> None:
        self.progress.phase(key.replace("_", " "))
        self.result[key] = measure()

    def _table(self) -> None:
        self.progress.phase(f"table: {len(self.entries)} servers, {self.options.rounds} rounds")
        with contextlib.ExitStack() as stack:
            started = [self._start(stack, entry) for entry in self.entries]
            contestants = [each for each in started if each is not None]
            table = Table(contestants, self.result["columns"], self.options.seconds, self.cores[1], self.progress)
            table.measure(self.options.rounds)
            self.entries = [each.entry for each in contestants]
            self.result["servers"] = [self._row(each, table.cells) for each in contestants]

    def _start(self, stack: contextlib.ExitStack, entry: Entry) -> Contestant | None:
        """Started, every response checked, and warm; None when it cannot be compared at all."""
        self.progress.step(f"starting {entry.name}")
        try:
            server = stack.enter_context(extras.started(entry, self.cores[0]))
            failures = self._wrong_responses(entry, server)
            wrk.run(server.address, BY_KEY["plaintext"], CONNECTIONS, 1, self.cores[1], entry.says_keep_alive)
            return Contestant(entry, server, failures)
        except (ServerFailed, wrk.LoadFailed, OSError) as error:
            if entry.name in MUST_WORK:
                raise
            self._leave_out(f"{entry.title}: {error}")
            return None

    def _wrong_responses(self, entry: Entry, server: Server) -> dict[str, str]:
        """By column key."""
        failures = {}
        for key in entry.columns:
            try:
                check_response(server, BY_KEY[key])
            except WrongResponse as error:
                if entry.name in MUST_WORK:
                    raise
                failures[key] = str(error)
                self.progress.note(f"left out: {error}")
        return failures

    def _row(self, contestant: Contestant, cells: dict[str, dict[str, Cell]]) -> dict:
        entry, floor = contestant.entry, cells[FLOOR]
        return {"name": entry.name, "title": entry.title, "version": version_of(entry), "remark": entry.remark,
                "resident_bytes": contestant.server.resident_bytes(),
                "cells": {key: cell.as_json(floor.get(key)) for key, cell in cells[entry.name].items()}}

    def _scaling(self, rounds: int) -> dict:
        measured = {}
        for curve in scaling.curves(self.options.quick):
            scaling.measure_curve(curve, rounds, 0.3 if self.options.quick else 0.7, self.cores, self.progress)
            measured[curve.key] = scaling.as_json(curve)
        return measured


def write(result: dict, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    (folder / "results.md").write_text(markdown.page(result))
    for key, curve in result["scaling"].items():
        (folder / f"{key}.svg").write_text(svg_plot.plot(curve))


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> int:
    options = read_options()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    copy_scripts()
    try:
        run = Run(options)
        result = run.everything()
    except KeyboardInterrupt:
        return 130
    except (ServerFailed, ClientFailed, WrongResponse, wrk.LoadFailed, OSError) as error:
        print(f"scripts/bench: could not measure: {error}", file=sys.stderr)
        return 3
    write(result, options.output)
    run.progress.phase(f"written to {options.output}")
    print(json.dumps(result) if options.json else markdown.page(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
