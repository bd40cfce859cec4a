"""wrk, as a function."""
import json
import os
import subprocess
from dataclasses import dataclass

from .columns import Column
from .paths import BENCH
from .server import run_on


class LoadFailed(Exception):
    """wrk could not measure."""


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    p50_us: float
    p99_us: float
    p999_us: float


def parse_result(output: str) -> dict:
    """The line of JSON that load.lua wrote among wrk's own text."""
    for line in output.splitlines():
        if line.startswith("{"):
            return json.loads(line)
    raise LoadFailed("wrk printed no result:\n" + output)


def run(port: int, column: Column, connections: int, seconds: int, cores: list[int], keep_alive: bool) -> Load:
    """Errors of wrk's (a closed connection, a wrong status) raise LoadFailed: the figure would mean something else."""
    environment = dict(os.environ, BENCH_PIPELINE=str(column.pipeline), BENCH_BODY_BYTES=str(column.body_bytes))
    if keep_alive:
        environment["BENCH_KEEP_ALIVE"] = "1"
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
               "--script", str(BENCH / "wrk" / "load.lua"), f"http://127.0.0.1:{port}{column.path}"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, preexec_fn=run_on(cores),
                              timeout=seconds + 30)
    except subprocess.TimeoutExpired as error:
        raise LoadFailed(f"{column.key}: wrk did not end") from error
    if done.returncode != 0:
        raise LoadFailed(f"wrk ended with {done.returncode}: {done.stderr.strip()}")
    result = parse_result(done.stdout)
    if result["errors"] or not result["requests"]:
        raise LoadFailed(f"{column.key}: {result['requests']} requests, {result['errors']} errors")
    return Load(result["requests"], result["duration_us"] / 1e6, result["p50_us"], result["p99_us"],
                result["p999_us"])
