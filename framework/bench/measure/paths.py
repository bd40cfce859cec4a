"""Where things are. All paths are relative to the repository, which is the working directory."""
import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
BENCH = REPO / "framework" / "bench"
BUILD = Path(os.environ.get("H3_BENCH_BUILD", REPO / "build" / "release"))
BIN = BUILD / "bin"
WORK = REPO / "build" / "bench"  # what a run leaves behind; never committed
PEERS = WORK / "peers"           # the npm packages
