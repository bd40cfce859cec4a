"""The tools that are compared, as commands to put before a command."""
import os
from dataclasses import dataclass, field
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
BIN = REPO / "build/release/bin"
SHIM = REPO / "build/release/lib/libleakgate_shim.so"
WORK = REPO / "build/bench-shim"
AUDIT = WORK / "audit.json"


@dataclass
class Tool:
    name: str
    before: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    slow: bool = False  # an order of magnitude: gets less work
    is_shim: bool = False

    def command(self, arguments: list[str]) -> list[str]:
        return self.before + arguments

    def full_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


def shim(name: str, depth: str, **environment: str) -> Tool:
    return Tool(name, [str(BIN / "under_shim"), depth, str(SHIM)], {"UNDER_SHIM_OUT": str(AUDIT), **environment},
                is_shim=True)


NONE = "none"
HEAPTRACK = "heaptrack"
TOOLS = [
    Tool(NONE, []),
    shim("count", "count"),
    shim("sites", "sites"),
    shim("stacks", "stacks"),
    shim("stacks, libunwind", "stacks", LEAKGATE_UNWINDER="libunwind"),
    Tool(HEAPTRACK, ["heaptrack", "-r", "-o", str(WORK / "heaptrack")]),
    Tool("memcheck", ["valgrind", "-q", "--tool=memcheck"], slow=True),
]
