"""The result as Markdown: a table for each workload."""

COLUMNS = ["tool", "CPU per {unit}", "added", "x CPU", "added, of heaptrack's", "peak memory", "x peak"]


def time_text(ns) -> str:
    if ns is None:
        return "-"
    for limit, divisor, unit in ((1e4, 1, "ns"), (1e7, 1e3, "us"), (1e10, 1e6, "ms")):
        if abs(ns) < limit:
            return f"{ns / divisor:.1f} {unit}"
    return f"{ns / 1e9:.1f} s"


def ratio_text(ratio) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


def interval_text(interval) -> str:
    return "" if interval is None else f" ({interval[0]:.3f} to {interval[1]:.3f})"


def memory_text(size) -> str:
    return "-" if size is None else f"{size / (1 << 20):.1f} MiB"


def workload_table(workload: dict) -> list[str]:
    header = [column.format(unit=workload["unit"]) for column in COLUMNS]
    lines = [f"### {workload['name']}", "", "| " + " | ".join(header) + " |", "|---" + "|--:" * (len(header) - 1) + "|"]
    for name, row in workload["tools"].items():
        cells = [name, time_text(row["cpu_ns"]), time_text(row["added_ns"]),
                 ratio_text(row["cpu_ratio"]) + interval_text(row["cpu_ratio_interval"]),
                 ratio_text(row["added_to_heaptracks"]), memory_text(row["peak_bytes"]), ratio_text(row["peak_ratio"])]
        lines.append("| " + " | ".join(cells) + " |")
    return lines + [""]


def notes(workload: dict) -> list[str]:
    lines = []
    for name, row in workload["tools"].items():
        if row["error"]:
            lines.append(f"- {workload['name']}: {name}: {row['error'].splitlines()[0]}")
        lost = {what: count for what, count in row["audit"].items() if count}
        if lost:
            lines.append(f"- {workload['name']}: {name}: " + ", ".join(f"{w} {c}" for w, c in lost.items()))
    return lines


def document(result: dict) -> str:
    machine = result["machine"]
    lines = ["# What the shim costs", "",
             f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}; {result['rounds']} rounds, the tools"
             " in turn. Ratios are medians of each turn's own; in brackets an interval that holds the true median with a"
             " confidence of 95 %. What \"none, again\" shows is noise.", ""]
    for workload in result["workloads"]:
        lines += workload_table(workload)
    remarks = [line for workload in result["workloads"] for line in notes(workload)]
    if remarks:
        lines += ["Notes:", ""] + remarks + [""]
    return "\n".join(lines)
