"""What the benchmarks share: the machine's description, and progress on standard error."""
import os
import platform
import re
import sys
import time
from pathlib import Path

STARTED = time.monotonic()


def describe_machine() -> dict:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {"cpu": cpu.group(1) if cpu else platform.machine(), "cores": len(os.sched_getaffinity(0)),
            "kernel": platform.release()}


def show_progress(text: str) -> None:
    start = "\r\x1b[K" if sys.stderr.isatty() else ""
    end = "" if sys.stderr.isatty() else "\n"
    sys.stderr.write(f"{start}[{time.monotonic() - STARTED:4.0f} s] {text}{end}")
    sys.stderr.flush()
