"""The tools: each takes a specimen and returns a verdict, as records.judge() has them."""
import json
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from measure_shim.tools import BIN, REPO

from .corpus import LEAKGATE, SPECIMENS, Specimen
from .records import heaptrack_records, judge, lsan_records, memcheck_records
from .served import CaseFailed, replay_under

WORK = REPO / "build/bench-detection"
LSAN_BUILD = WORK / "lsan"
EXIT_ON_TERM = WORK / "exit_on_term.so"
HEAPTRACK = Path("/usr/lib/heaptrack")


@dataclass
class Case:
    verdict: str  # of records.judge(), "not run", or "failed"
    seconds: float
    remark: str = ""


def prepare() -> None:
    """Builds the specimens with LeakSanitizer, and what makes a server end by exit() on SIGTERM."""
    WORK.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).parent / "exit_on_term.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", str(source), "-o", str(EXIT_ON_TERM)], check=True)
    flags = "-O2 -g1 -fsanitize=leak"
    subprocess.run(["cmake", "-S", str(REPO), "-B", str(LSAN_BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                    "-DH3_BUILD_FRAMEWORK=OFF", f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", str(LSAN_BUILD), "--target", "specimens"], check=True,
                   stdout=subprocess.DEVNULL)


def leakgate(specimen: Specimen, folder: Path, seconds: float) -> str:
    report = folder / "report.json"
    command = [str(LEAKGATE), "run", str(SPECIMENS / "scenarios" / specimen.scenario), "--no-trigger",
               "--no-self-audit", "--quiet", "-o", str(report), "--target", specimen.command]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds, errors="replace")
    except subprocess.TimeoutExpired:
        raise CaseFailed("out of time") from None
    if ended.returncode not in (0, 1):
        raise CaseFailed(f"exit code {ended.returncode}: {(ended.stdout + ended.stderr)[-300:]}")
    findings = json.loads(report.read_text())["findings"]
    if specimen.sick and not specimen.functions:
        return "found" if findings else "missed"
    return judge([finding["place"]["function"] for finding in findings], specimen.functions, specimen.sick)


def logs_in(folder: Path, pattern: str) -> str:
    return "\n".join(log.read_text(errors="replace") for log in sorted(folder.glob(pattern)))


def lsan(specimen: Specimen, folder: Path, seconds: float) -> str:
    environment = {"LSAN_OPTIONS": f"log_path={folder}/lsan:exitcode=0:fast_unwind_on_malloc=0", "LD_PRELOAD": str(EXIT_ON_TERM)}
    replay_under(specimen, folder, lambda port, number: specimen.command_in(LSAN_BUILD / "bin", port), environment,
                 seconds)
    log = logs_in(folder, "lsan.*") + logs_in(folder, "output.0")
    if "LeakSanitizer has encountered a fatal error" in log:
        raise CaseFailed("LeakSanitizer could not stop the threads")
    return judge(lsan_records(log), specimen.functions, specimen.sick)


def memcheck(specimen: Specimen, folder: Path, seconds: float) -> str:
    tool = ["valgrind", "--leak-check=full", "--track-fds=yes", "--trace-children=yes", "--num-callers=30",
            "--error-limit=no"]
    replay_under(specimen, folder,
                 lambda port, number: tool + [f"--log-file={folder}/memcheck.{number}.%p"] +
                 specimen.command_in(BIN, port), {"LD_PRELOAD": str(EXIT_ON_TERM)}, seconds)
    return judge(memcheck_records(logs_in(folder, "memcheck.0.*")), specimen.functions, specimen.sick)


def heaptrack(specimen: Specimen, folder: Path, seconds: float) -> str:
    preload = f"{HEAPTRACK / 'libheaptrack_preload.so'} {EXIT_ON_TERM}"
    replay_under(specimen, folder,
                 lambda port, number: ["env", f"LD_PRELOAD={preload}", f"DUMP_HEAPTRACK_OUTPUT={folder}/raw.{number}.$$"] +
                 specimen.command_in(BIN, port), {}, seconds)
    records = []
    for raw in folder.glob("raw.0.*"):
        text = subprocess.run(f"'{HEAPTRACK}/libexec/heaptrack_interpret' < '{raw}' | gzip -1 > '{raw}.gz' && "
                              f"heaptrack_print -f '{raw}.gz' -l1 -p0 -a0 -T0 -n1000", shell=True, capture_output=True,
                              text=True, errors="replace", timeout=seconds).stdout
        records += heaptrack_records(text)
    return judge(records, specimen.functions, specimen.sick)


TOOLS = {"leakgate": leakgate, "LeakSanitizer": lsan, "memcheck": memcheck, "heaptrack": heaptrack}


def run_case(tool: str, specimen: Specimen, seconds: float) -> Case:
    if tool == "LeakSanitizer" and not (LSAN_BUILD / "bin" / (specimen.program or "none")).exists():
        return Case("not run", 0, "cannot be built with it")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-detection-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # Debian's servers leave root
        try:
            verdict, remark = TOOLS[tool](specimen, folder, seconds), ""
        except (CaseFailed, subprocess.TimeoutExpired) as failure:
            verdict, remark = "failed", str(failure)
    return Case(verdict, time.monotonic() - started, remark)
