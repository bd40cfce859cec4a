"""The four servers, and what is measured of each: counts under the shim, times without it."""
import json
from pathlib import Path

from leakgate_runs import run_leakgate
from measure_shim.tools import BIN, REPO

SCENARIO = REPO / "harness/specimens/scenarios/login_and_users.json"
REQUESTS = 40_000  # ten times the specimens': a drift of the response time needs many
LEAK = "the audit's leak"
SERVERS = {LEAK: "specimen-audit-leak", "with the audit's patch": "specimen-audit-patch",
           "its clean twin": "specimen-audit-leak-clean", "H3": "h3-demo"}


def command_of(server: str) -> str:
    return f"{BIN}/{SERVERS[server]} --port {{port}}"


def write_scenario(folder: Path) -> Path:
    scenario = json.loads(SCENARIO.read_text())
    scenario["load"] |= {"requests": REQUESTS, "follow_requests": REQUESTS}
    path = folder / "audit.json"
    path.write_text(json.dumps(scenario))
    return path


def counts_of(server: str, scenario: Path) -> dict:
    report = scenario.with_name("report.json")
    run_leakgate("run", str(scenario), "--no-trigger", "--no-self-audit", "--target", command_of(server), "-o", str(report))
    measured = json.loads(report.read_text())
    metrics = {metric["name"]: metric for metric in measured["metrics"]}
    names = ("live_bytes_per_request", "allocations_per_request")
    return {"counts": {name: {key: metrics[name][key] for key in ("value", "kind")} for name in names},
            "latency_drift": measured["latency_drift"]}


def compared_with_leak(server: str, scenario: Path, rounds: int) -> dict:
    """The changes from the leaking server to this one, by metric."""
    result = json.loads(run_leakgate("compare", "--json", "--quiet", "--rounds", str(rounds), "--a-target",
                                     command_of(LEAK), "--b-target", command_of(server), str(scenario)))[0]
    return {"rounds": result["rounds"], "void_rounds": result["void_rounds"],
            "changes": {change["metric"]: change for change in result["changes"]}}
