"""Heap allocations per request, by leakgate's shim."""
import json
import subprocess

from .columns import Column
from .paths import BIN, WORK


class NotCounted(Exception):
    """leakgate could not measure this server."""


def scenario_of(name: str, command: list[str], column: Column, says_keep_alive: bool) -> dict:
    step = {"name": column.key, "path": column.path, "expect": {"status": 200}}
    headers = {}
    if column.body_bytes:
        headers["Content-Type"] = "application/octet-stream"
        step |= {"method": "POST", "body": "x" * column.body_bytes}
    if says_keep_alive:
        headers["Connection"] = "keep-alive"
    if headers:
        step["headers"] = headers
    return {"schema": "leakgate.scenario/1", "name": f"bench_{name.replace('-', '_')}_{column.key}",
            "target": {"command": command},
            "load": {"connections": 8, "warmup": 1000, "requests": 4000}, "steps": [step]}


def allocations_per_request(name: str, command: list[str], column: Column, says_keep_alive: bool) -> float:
    """command: the program and its arguments, with "{port}" for the port."""
    WORK.mkdir(parents=True, exist_ok=True)
    scenario = scenario_of(name, command, column, says_keep_alive)
    path = WORK / f"{scenario['name']}.json"
    path.write_text(json.dumps(scenario))
    try:
        done = subprocess.run([str(BIN / "leakgate"), "run", str(path), "--depth", "count", "--json", "--quiet"],
                              capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired as error:
        raise NotCounted("leakgate did not end within 60 s") from error
    finally:
        path.unlink()
    if done.returncode not in (0, 1):  # 1: it leaks, which does not matter here
        raise NotCounted(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "leakgate failed")
    metrics = {metric["name"]: metric["value"] for metric in json.loads(done.stdout)["metrics"]}
    return metrics["allocations_per_request"]
