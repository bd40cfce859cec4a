"""What a user pays before the first request: compile time, size of the program, memory at start."""
import json
import os
import resource
import shlex
import subprocess

from .paths import BIN, BUILD, WORK
from .server import Server, free_port


def _compile_command() -> list[str]:
    """How the build compiles examples/hello.cpp, without the compiler cache."""
    for unit in json.loads((BUILD / "compile_commands.json").read_text()):
        if unit["file"].endswith("/examples/hello.cpp"):
            words = shlex.split(unit["command"])
            if words[0].endswith("ccache"):
                words = words[1:]
            words[words.index("-o") + 1] = "/dev/null"
            return words
    raise LookupError("compile_commands.json does not name examples/hello.cpp")


def compile_seconds(times: int) -> float:
    """The quickest of some compilations of a hello-world user's translation unit, in CPU time."""
    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    def once() -> float:
        before = used()
        subprocess.run(_compile_command(), cwd=BUILD, check=True, capture_output=True)
        return used() - before
    return min(once() for _ in range(times))


def stripped_bytes(program: str) -> int:
    copy = WORK / f"{program}.stripped"
    subprocess.run(["strip", "-o", str(copy), str(BIN / program)], check=True)
    size = copy.stat().st_size
    copy.unlink()
    return size


def resident_at_start(program: str) -> int:
    port = free_port()
    command = [str(BIN / program), "--port", str(port)]
    with Server(program, command, port, sorted(os.sched_getaffinity(0)), WORK / "footprint.log") as server:
        return server.resident_bytes()


def footprint(times: int) -> dict:
    return {"hello_compile_seconds": compile_seconds(times),
            "programs": {name: {"stripped_bytes": stripped_bytes(name),
                                "resident_at_start_bytes": resident_at_start(name)}
                         for name in ("bench-h3", "h3-demo", "floor-epoll", "floor-asio", "peer-beast")}}
