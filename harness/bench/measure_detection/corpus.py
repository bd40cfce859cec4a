"""The specimens, as their manifest has them: nothing is listed here."""
import json
from dataclasses import dataclass

from measure_shim.tools import BIN, REPO

SPECIMENS = REPO / "harness/specimens"


@dataclass
class Specimen:
    name: str
    command: str  # with {bin} and {port}
    scenario: str
    functions: list[str]  # each must be named; empty for what has no function, and for a clean server
    sick: bool

    @property
    def program(self) -> str | None:
        """What our own build makes of it, or None for another's server."""
        first = self.command.split()[0]
        return first.removeprefix("{bin}/") if first.startswith("{bin}/specimen-") else None

    def command_in(self, folder, port: int) -> list[str]:
        scenarios = str(SPECIMENS / "scenarios")
        return [word.replace("{bin}", str(folder)).replace("{port}", str(port)).replace("{scenario_dir}", scenarios)
                for word in self.command.split()]


def due(finding: dict, not_yet: list[str]) -> dict | None:
    """As dueFinding() of harness/tests/specimens/manifest.cpp."""
    if finding.get("since") in not_yet or ("until" in finding and finding["until"] not in not_yet):
        return None
    whole = dict(finding)
    for feature, fields in finding.get("later", {}).items():
        if feature not in not_yet:
            whole.update(fields)
    return whole


def function_of(finding: dict) -> str:
    named = finding.get("place", {}).get("function", "")
    stack = [frame["function"] for frame in finding.get("stack", []) if frame.get("function")]
    return named or (stack[0] if stack else "")


def load_corpus(only) -> list[Specimen]:
    manifest = json.loads((SPECIMENS / "manifest.json").read_text())
    corpus = []
    for entry in manifest["specimens"]:
        if not only.search(entry["name"]):
            continue
        found = [finding for finding in (due(f, manifest["not_yet"]) for f in entry["findings"]) if finding]
        functions = {function_of(finding) for finding in found} - {""}
        command = entry.get("command", f"{{bin}}/specimen-{entry['name']} --port {{port}}")
        corpus.append(Specimen(entry["name"], command, entry["scenario"], sorted(functions), bool(found)))
    return corpus


LEAKGATE = BIN / "leakgate"
