"""What is run under each tool. A workload's run_round() calls add(tool, costs, error) for each: costs of one unit of
its work, and its memory; the n-th cost of a tool pairs with the n-th of the others."""
import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .tools import BIN, REPO, WORK, Tool


class RunFailed(Exception):
    """The command ended badly. The text has its last lines."""


@dataclass
class Cost:
    cpu_ns: float  # of one unit
    peak_bytes: int


def run_and_wait(command: list[str], environment: dict[str, str]) -> tuple[str, float, int]:
    """Standard output, CPU seconds and peak bytes of the command and those children that it waited for."""
    log = WORK / "output.log"
    with open(log, "wb") as errors:
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=errors, cwd=WORK)
        output = child.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        tail = log.read_text(errors="replace")[-600:]
        raise RunFailed(f"{shlex.join(command)}: exit code {child.returncode}\n{tail}")
    return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


class OneByOne:
    """A workload that is run under one tool after the other, `turns` times a round; once under slow tools."""
    turns = 1

    def run_round(self, tools: list[Tool], progress, add) -> None:
        failed = set()
        for turn in range(self.turns):
            for tool in tools[turn:] + tools[:turn]:
                if tool.name in failed or (tool.slow and turn > 0):
                    continue
                progress(tool.name)
                try:
                    add(tool, [self.run(tool)], "")
                except RunFailed as failure:
                    failed.add(tool.name)
                    add(tool, [], str(failure))


@dataclass
class Loop(OneByOne):
    """malloc and free in a loop. Unit: one pair. The peak is the program's with the tool in it. A run takes some tenths
    of a second, so a round has several."""
    name: str
    depth: int
    live: int
    pairs: int
    unit: str = "malloc + free"
    turns = 5

    def run(self, tool: Tool) -> Cost:
        pairs = self.pairs // 20 if tool.slow else self.pairs
        command = [str(BIN / "heap_loop"), str(self.depth), str(self.live), str(pairs)]
        output, _, _ = run_and_wait(tool.command(command), tool.full_environment())
        found = re.search(r"^(\d+\.\d+) (\d+)$", output, re.MULTILINE)
        if not found:
            raise RunFailed(f"{shlex.join(command)}: expected a time and a size, found {output!r}")
        return Cost(float(found[1]), int(found[2]))


@dataclass
class Replay:
    """A server under replay. Unit: one request; all processes of the server count. The servers of all tools stand side
    by side and are given a piece of the scenario in turn: a machine's noise comes in seconds, and so meets them all."""
    name: str
    scenario: Path
    server: str
    requests: int  # of a piece
    pieces: int
    unit: str = "request"

    def run_round(self, tools: list[Tool], progress, add) -> None:
        progress(f"{len(tools)} tools in turn, {self.pieces} pieces each")
        contenders = [{"command": tool.command([str(BIN / self.server), "--port", "{port}"]), "env": tool.environment,
                       "requests": self.requests // 10 if tool.slow else self.requests} for tool in tools]
        command = [str(BIN / "replay_in_turn"), str(self.scenario), str(self.pieces)]
        ended = subprocess.run(command, input=json.dumps(contenders), cwd=WORK, capture_output=True, text=True)
        if ended.returncode != 0:
            raise RunFailed(f"{shlex.join(command)}: exit code {ended.returncode}\n{ended.stderr[-600:]}")
        for tool, result in zip(tools, json.loads(ended.stdout)):
            add(tool, [Cost(cpu_ns, result["rss_bytes"]) for cpu_ns in result["cpu_ns"]], result["error"])


@dataclass
class Compiler(OneByOne):
    """GCC's compiler proper on a large file: tens of thousands of stacks. Unit: the whole run."""
    name: str
    source: Path
    quick: bool
    unit: str = "run"
    turns = 3

    def prepare(self) -> None:
        code = "".join(f"#include <{header}>\n" for header in ("regex", "map", "string", "functional", "iostream"))
        code += """int main(int count, char** words) {
  std::regex pattern("a(b|c)*d");
  std::map<std::string, std::function<bool()>> found;
  for (int i = 0; i < count; ++i) found[words[i]] = [&, i] { return std::regex_match(words[i], pattern); };
  for (auto& [word, matches] : found) std::cout << word << matches() << '\\n';
}
"""
        self.source.write_text(code)
        run_and_wait(["g++", "-std=c++20", "-E", str(self.source), "-o", str(self.source.with_suffix(".ii"))],
                     dict(os.environ))
        self.compiler = subprocess.run(["g++", "-print-prog-name=cc1plus"], capture_output=True, text=True,
                                       check=True).stdout.strip()

    def run(self, tool: Tool) -> Cost:
        if tool.slow and self.quick:
            raise RunFailed("left out by --quick, it takes minutes")
        command = [self.compiler, "-quiet", "-std=c++20", "-O0", str(self.source.with_suffix(".ii")), "-o", os.devnull]
        _, seconds, peak = run_and_wait(tool.command(command), tool.full_environment())
        if tool.audit:  # without what reads the region afterwards, which leakgate does on its own time
            seconds = json.loads(tool.audit.read_text())["cpu_seconds"]
        return Cost(seconds * 1e9, peak)


def all_workloads(quick: bool) -> list:
    scale = 10 if quick else 1
    compiler = Compiler("cc1plus, a large file", WORK / "large.cpp", quick)
    compiler.prepare()
    return [
        Loop("tight loop", 1, 0, 4_000_000 // scale),
        Loop("10,000 live blocks", 1, 10_000, 4_000_000 // scale),
        Loop("25 frames deep", 23, 0, 4_000_000 // scale),
        Replay("h3-demo, sustained", REPO / "scenarios/sustained.json", "h3-demo", 4_000, 40 // scale),
        # The worst case for allocation scopes: a step enters a thousand of them in a request.
        Replay("h3-demo, context_churn", REPO / "scenarios/context_churn.json", "h3-demo", 4_000, 20 // scale),
        Replay("heap server", REPO / "harness/bench/heap_server.json", "heap_server", 2_000, 10 // scale),
        compiler,
    ]
