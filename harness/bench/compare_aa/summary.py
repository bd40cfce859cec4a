"""The log's comparisons as a table: false alarms, and how often a planted cost was found."""
import json
from pathlib import Path

from repeat_gate.rate import upper_bound

CPU = "cpu_ns_per_request"


class BadLog(Exception):
    """A line of the log that is no comparison. The text names it."""


def read_log(path: Path) -> list[dict]:
    entries = []
    if not path.exists():
        return entries
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            entry = json.loads(line)
            assert entry["schema"] == "leakgate.compare_aa/1"
        except (ValueError, KeyError, TypeError, AssertionError):
            raise BadLog(f"{path}:{number}: found {line[:40]!r}, expected an object of leakgate.compare_aa/1; "
                         "remove the line, or give another --log") from None
        entries.append(entry)
    return entries


def alarms_of(entry: dict) -> list[str]:
    changed = [change["metric"] for change in entry["changes"] if change["verdict"] in ("better", "worse")]
    return changed + entry["counts_changed"]


def found(entry: dict) -> bool:
    """The planted cost; one that is hidden by a busy machine is missed, too."""
    return any(change["metric"] == CPU and change["verdict"] == "worse" for change in entry["changes"])


def row_of(kind: str, entries: list[dict]) -> dict:
    is_planted = entries[0]["planted_percent"] > 0
    wanted = [entry for entry in entries if (found(entry) if is_planted else not alarms_of(entry))]
    cpu = [change for entry in entries for change in entry["changes"] if change["metric"] == CPU]
    sees = sorted(change["sees_percent"] for change in cpu if change["sees_percent"] is not None)
    return {"kind": kind, "comparisons": len(entries), "planted": is_planted, "as_wanted": len(wanted),
            "wrong_rate_below": upper_bound(len(entries) - len(wanted), len(entries)),
            "tests": sum(len(entry["changes"]) for entry in entries),
            "alarms": [f"{name} (seed {entry['seed']})" for entry in entries for name in alarms_of(entry)],
            "control_moved": sum(entry["control_moved"] for entry in entries),
            "void_rounds": sum(entry["void_rounds"] for entry in entries),
            "rounds": sum(entry["rounds"] for entry in entries),
            "same_side_tests": sum(entry["same_side_tests"] for entry in entries),
            "same_side_alarms": sum(entry["same_side_alarms"] for entry in entries),
            "median_sees_percent": sees[len(sees) // 2] if sees else None,
            "minutes": sum(entry["seconds"] for entry in entries) / 60}


def summarise(entries: list[dict]) -> list[dict]:
    kinds = sorted({entry["kind"] for entry in entries})
    return [row_of(kind, [entry for entry in entries if entry["kind"] == kind]) for kind in kinds]


def as_markdown(rows: list[dict]) -> str:
    if not rows:
        return "no comparisons yet"
    lines = ["| side b | comparisons | as it should be | wrong, 95 % below | tests | a side with itself | void rounds | sees | minutes |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for row in rows:
        sees = "-" if row["median_sees_percent"] is None else f"{row['median_sees_percent']:.1f} %"
        lines.append(
            f"| {row['kind']} | {row['comparisons']} | {row['as_wanted']} {'found' if row['planted'] else 'without alarm'} "
            f"| {100 * row['wrong_rate_below']:.1f} % | {row['tests']} | {row['same_side_alarms']} of {row['same_side_tests']} "
            f"| {row['void_rounds']} of {row['rounds'] + row['void_rounds']} | {sees} | {row['minutes']:.0f} |")
    for row in rows:
        if row["alarms"] and not row["planted"]:
            lines.append(f"\n{row['kind']}: {', '.join(row['alarms'])}")
    return "\n".join(lines)
