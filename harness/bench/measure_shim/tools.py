"""The tools that are compared, as commands to put before a command."""
import os
from dataclasses import dataclass, field
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
BIN = REPO / "build/release/bin"
SHIM = REPO / "build/release/lib/libleakgate_shim.so"
WORK = REPO / "build/bench-shim"


@dataclass
class Tool:
    name: str
    before: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    slow: bool = False  # an order of magnitude: gets less work
    audit: Path | None = None  # what the shim says of itself, left at the command's end

    def command(self, arguments: list[str]) -> list[str]:
        return self.before + arguments

    def full_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


def shim(name: str, depth: str, **environment: str) -> Tool:
    audit = WORK / f"audit {name}.json"
    return Tool(name, [str(BIN / "under_shim"), depth, str(SHIM)], {"UNDER_SHIM_OUT": str(audit), **environment},
                audit=audit)


NONE = "none"
HEAPTRACK = "heaptrack"
TOOLS = [
    Tool(NONE, []),
    Tool("none, again", []),  # what of the rows below is noise
    shim("count", "count"),
    shim("sites", "sites"),
    shim("stacks", "stacks"),
    shim("stacks, libunwind", "stacks", LEAKGATE_UNWINDER="libunwind"),
    Tool(HEAPTRACK, ["heaptrack", "-r", "-o", str(WORK / "heaptrack")]),
    Tool("memcheck", ["valgrind", "-q", "--tool=memcheck"], slow=True),
]
