"""What is compared: two commands that start the demo, and what is different about the second one."""
import json
import random
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from leakgate_runs import NotMeasured
from measure_shim.tools import BIN, REPO

SCENARIO = Path(__file__).with_name("plaintext.json")


@dataclass
class Sides:
    kind: str  # "same", "planted 2 %", "shuffled"
    a: str
    b: str
    planted_percent: float = 0  # of the CPU per request that was measured just before; 0: nothing is planted


def run(words: list[str], folder: Path = REPO) -> str:
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace")
    if ended.returncode != 0:
        raise NotMeasured(f"{' '.join(words)} ended with exit code {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout


def same() -> Sides:
    command = f"{BIN}/h3-demo --port {{port}}"
    return Sides("same", command, command)


def planted(percent: float, folder: Path) -> Sides:
    """The demo that burns 0 ns and the one that burns that share of its CPU per request: the same program."""
    def command(nanoseconds: float) -> str:
        return f"env PLANTED_NS={nanoseconds:07.1f} {BIN}/h3-demo-planted --port {{port}}"
    report = folder / "report.json"
    run([f"{BIN}/leakgate", "run", str(SCENARIO), "--depth", "none", "--no-self-audit", "--target", command(0), "-o",
         str(report)])
    metrics = {metric["name"]: metric["value"] for metric in json.loads(report.read_text())["metrics"]}
    return Sides(f"planted {percent:g} %", command(0), command(metrics["cpu_ns_per_request"] * percent / 100), percent)


def shuffled(seed: int, folder: Path) -> Sides:
    """The demo, linked from the same objects in another order."""
    line = run(["ninja", "-C", str(REPO / "build/release"), "-t", "commands", "h3-demo"]).splitlines()[-1]
    objects = re.findall(r"\S+\.o\b", line)
    library = REPO / "build/release" / re.search(r"\S+libh3http\.a", line)[0]
    run(["ar", "x", str(library)], folder)
    everything = [str(REPO / "build/release" / name) for name in objects] + [str(path) for path in folder.glob("*.o")]
    everything.sort()
    random.Random(seed).shuffle(everything)
    program = folder / "h3-demo"
    run(["c++", *everything, *re.findall(r"\S+\.so\S*", line), "-o", str(program)])
    return Sides("shuffled", same().a, f"{program} --port {{port}}")


def make_sides(options, seed: int, folder: str) -> Sides:
    if options.planted:
        return planted(options.planted, Path(folder))
    return shuffled(seed, Path(folder)) if options.shuffled else same()


def work_folder() -> tempfile.TemporaryDirectory:
    """Its path is as long as that of the release build's folder of programs: the length of argv moves the stack."""
    return tempfile.TemporaryDirectory(prefix="h" * max(1, len(str(BIN)) - len(tempfile.gettempdir()) - 9))
