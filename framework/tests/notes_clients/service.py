"""h3-notes on a port of its own, with nothing kept."""
import os
from pathlib import Path

from measure.server import Server, free_port


class Service:
    """Use as a context manager. origin: of the pages elsewhere that may use it."""

    def __init__(self, program: Path, web: Path, origin: str, log: Path):
        self.port = free_port()
        command = [str(program), "--port", str(self.port), "--data", ":memory:", "--web", str(web),
                   "--insecureCookies", "true", "--origin", origin]
        self._server = Server("h3-notes", command, self.port, sorted(os.sched_getaffinity(0)), log)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Service":
        self._server.__enter__()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> list[str]:
        """What was wrong with its end: it leaked under a sanitizer, or had to cut off requests."""
        code = self._server.stop(patience_seconds=60)
        return [] if code in (0, None) else [f"h3-notes ended with {code}", *self._server.last_lines(20)]
