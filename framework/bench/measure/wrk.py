"""wrk, as a function."""
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass

from .columns import Column
from .paths import BENCH
from .process_usage import CpuTime
from .server import Server, run_on


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


def _start(port: int, column: Column, connections: int, seconds: int, cores: list[int],
           keep_alive: bool) -> subprocess.Popen:
    environment = dict(os.environ, BENCH_PIPELINE=str(column.pipeline), BENCH_BODY_BYTES=str(column.body_bytes))
    if keep_alive:
        environment["BENCH_KEEP_ALIVE"] = "1"
    # The timeout is for one response, which may wait while others have their turn.
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
               "--timeout", f"{seconds + 2}s", "--script", str(BENCH / "wrk" / "load.lua"),
               f"http://127.0.0.1:{port}{column.path}"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            preexec_fn=run_on(cores))


def _result_of(process: subprocess.Popen, column: Column, seconds: float) -> dict:
    """Errors of wrk's (a closed connection, a wrong status) raise LoadFailed: the figure would mean something else."""
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise LoadFailed(f"{column.key}: wrk did not end") from error
    if process.returncode != 0:
        raise LoadFailed(f"wrk ended with {process.returncode}: {errors.strip()}")
    result = parse_result(output)
    if result["errors"] or not result["requests"]:
        raise LoadFailed(f"{column.key}: {result['requests']} requests, {result['errors']} errors")
    return result


def run(port: int, column: Column, connections: int, seconds: int, cores: list[int], keep_alive: bool) -> Load:
    """Raises LoadFailed."""
    process = _start(port, column, connections, seconds, cores, keep_alive)
    result = _result_of(process, column, seconds + 30)
    return Load(result["requests"], result["duration_us"] / 1e6, result["p50_us"], result["p99_us"],
                result["p999_us"])


class LoadInTurns:
    """wrk against one server, at work only in its turns, so that several servers can be measured side by side.

    A shared machine changes its pace from second to second, and turns of a tenth of a second share each pace among all.
    Use as a context manager. Errors: LoadFailed, OSError.
    """

    _SETTLE_SECONDS = 0.004  # for the server to respond to what is on its way
    _LONGEST_SECONDS = 600

    def __init__(self, server: Server, column: Column, connections: int, cores: list[int], keep_alive: bool):
        self.cpu = CpuTime()  # the server's, in all turns
        self._server = server
        self._column = column
        self._start = lambda: _start(server.address, column, connections, self._LONGEST_SECONDS, cores, keep_alive)
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "LoadInTurns":
        return self

    def __exit__(self, *_) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def turn(self, seconds: float) -> None:
        before = self._server.cpu_time()
        if self._process is None:
            self._process = self._start()
        else:
            self._process.send_signal(signal.SIGCONT)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(self._SETTLE_SECONDS)
        self.cpu += self._server.cpu_time() - before
        if self._process.poll() is not None:
            _result_of(self._process, self._column, 1)
            raise LoadFailed(f"{self._column.key}: wrk ended early")

    def finish(self) -> int:
        """The requests of all turns. A last, short turn."""
        before = self._server.cpu_time()
        self._process.send_signal(signal.SIGCONT)
        # wrk ends early only if the signal reaches its main thread, which must be awake again to take it.
        for _ in range(100):
            time.sleep(0.02)
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(0.2)
                break
            except subprocess.TimeoutExpired:
                continue
        result = _result_of(self._process, self._column, 1)
        self.cpu += self._server.cpu_time() - before
        return result["requests"]
