"""Reports a run's progress on standard error, with the elapsed time."""
import sys
import time


class Progress:
    """In place on a terminal; elsewhere a line for each phase only."""

    def __init__(self):
        self._start = time.monotonic()
        self._on_terminal = sys.stderr.isatty()

    def _elapsed(self) -> str:
        return f"[{time.monotonic() - self._start:4.0f} s]"

    def phase(self, text: str) -> None:
        self._clear()
        print(f"{self._elapsed()} {text}", file=sys.stderr, flush=True)

    def step(self, text: str) -> None:
        if self._on_terminal:
            print(f"\r\x1b[K{self._elapsed()} {text}", end="", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Reports what was left out or went wrong."""
        self._clear()
        print(f"         {text}", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._on_terminal:
            print("\r\x1b[K", end="", file=sys.stderr)
