"""Names the machine: a figure without it means nothing."""
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from .budget import compiler
from .paths import REPO


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=REPO).stdout.strip()
    except OSError:
        return ""


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_mib() -> int:
    return int(Path("/proc/meminfo").read_text().split()[1]) // 1024


def _commit() -> str:
    commit = _said("git", "rev-parse", "--short", "HEAD") or "unknown"
    return commit + (" with changes" if _said("git", "status", "--porcelain", "--untracked-files=no") else "")


def describe() -> dict:
    return {"cpu": _cpu_model(), "cores": os.cpu_count(), "memory_mib": _memory_mib(), "kernel": platform.release(),
            "virtual": _said("systemd-detect-virt") or "unknown", "compiler": compiler(), "commit": _commit(),
            "load_before": os.getloadavg()[0], "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")}
