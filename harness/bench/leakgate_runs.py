"""Runs leakgate for the benchmarks that compare whole servers."""
import subprocess

from measure_shim.tools import BIN, REPO


class NotMeasured(Exception):
    """Something could not be made or measured. The text has what was printed."""


def run_leakgate(*words: str) -> str:
    """What it printed. Ending with 1 is a result: the server leaks, or is worse."""
    ended = subprocess.run([str(BIN / "leakgate"), *words], cwd=REPO, capture_output=True, text=True, errors="replace")
    if ended.returncode not in (0, 1):
        raise NotMeasured(f"leakgate {' '.join(words)} ended with exit code {ended.returncode}:\n"
                          f"{ended.stdout}{ended.stderr}")
    return ended.stdout
