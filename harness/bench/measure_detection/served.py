"""Serves a scenario's requests by a server that runs under another tool.

`leakgate run --depth none` sends the requests and would end its target after its own deadlines, which a tool that
writes its report at the end may need longer than. Its target is therefore a placeholder (placeholder.py), which asks
us by a socket to start the real server; the server lives as long as that connection, and then as long as it needs."""
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from .corpus import LEAKGATE, SPECIMENS, Specimen

PLACEHOLDER = Path(__file__).parent / "placeholder.py"


class CaseFailed(Exception):
    """The server or the replay did not come to its end. The text says why."""


class ToolServer:
    """Starts a server for each placeholder that asks, the first one with `command`'s output kept."""

    def __init__(self, folder: Path, command, environment: dict[str, str], deadline: float):
        self.folder, self.command, self.environment, self.deadline = folder, command, environment, deadline
        self.error = ""
        self.started = 0
        self.path = str(folder / "placeholder.socket")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self._run(connection)

    def _run(self, connection: socket.socket) -> None:
        port = int(connection.recv(16))
        number, self.started = self.started, self.started + 1
        with open(self.folder / f"output.{number}", "wb") as output:
            server = subprocess.Popen(self.command(port, number), env={**os.environ, **self.environment},
                                      cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                      start_new_session=True)
            connection.settimeout(max(1, self.deadline - time.monotonic()))
            try:
                connection.recv(1)  # until the placeholder ends
            except OSError:
                self.error = "out of time while requests were sent"
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(max(1, self.deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.error = "out of time while the report was written"
            try:
                os.killpg(server.pid, signal.SIGKILL)  # workers that outlived it
            except ProcessLookupError:
                pass
            server.wait()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(max(1, self.deadline + 5 - time.monotonic()))


def replay_under(specimen: Specimen, folder: Path, command, environment: dict[str, str], seconds: float) -> None:
    """Sends the specimen's requests to the server that command(port, number) starts, and waits for its end."""
    deadline = time.monotonic() + seconds
    server = ToolServer(folder, command, environment, deadline)
    target = shlex.join([sys.executable, str(PLACEHOLDER), server.path]) + " {port}"
    replay = [str(LEAKGATE), "run", str(SPECIMENS / "scenarios" / specimen.scenario), "--depth", "none", "--no-trigger",
              "--no-self-audit", "--quiet", "--target", target]
    try:
        ended = subprocess.run(replay, capture_output=True, text=True, timeout=seconds, errors="replace")
    except subprocess.TimeoutExpired:
        raise CaseFailed("out of time while requests were sent") from None
    finally:
        server.close()
    if server.error:
        raise CaseFailed(server.error)
    if server.started == 0 or ended.returncode not in (0, 1, 3):
        raise CaseFailed(f"the replay ended with {ended.returncode}: {(ended.stdout + ended.stderr)[-300:]}")
    if ended.returncode == 3 and "not ready" in ended.stdout + ended.stderr:
        raise CaseFailed("the server was not ready in time")
