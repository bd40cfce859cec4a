"""The result as Markdown: a summary, then a line for each specimen."""
import statistics

from .peers import TOOLS

SHOWN = {"found": "yes", "elsewhere": "elsewhere", "missed": "-", "silent": "silent", "alarm": "**alarm**",
         "failed": "failed", "not run": ""}


def counts_of(result: dict, tool: str, sick: bool) -> dict:
    cases = [specimen["tools"][tool] for specimen in result["specimens"] if specimen["sick"] == sick]
    verdicts = [case["verdict"] for case in cases]
    return {verdict: verdicts.count(verdict) for verdict in SHOWN} | {"run": sum(v != "not run" for v in verdicts)}


def median_seconds(result: dict, tool: str) -> str:
    times = [specimen["tools"][tool]["seconds"] for specimen in result["specimens"]
             if specimen["tools"][tool]["verdict"] not in ("not run", "failed")]
    return f"{statistics.median(times):.1f} s" if times else "-"


def summary_table(result: dict) -> list[str]:
    lines = ["| tool | found, right function | elsewhere | missed | false alarms | failed | not run | median time |",
             "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for tool in TOOLS:
        sick, clean = counts_of(result, tool, True), counts_of(result, tool, False)
        lines.append(f"| {tool} | {sick['found']} of {sick['run']} | {sick['elsewhere']} | {sick['missed']} | "
                     f"{clean['alarm']} of {clean['run']} | {sick['failed'] + clean['failed']} | "
                     f"{sick['not run'] + clean['not run']} | {median_seconds(result, tool)} |")
    return lines


def specimen_table(result: dict, sick: bool) -> list[str]:
    lines = ["| specimen | " + " | ".join(TOOLS) + " |", "|---|" + "---|" * len(TOOLS)]
    for specimen in result["specimens"]:
        if specimen["sick"] != sick:
            continue
        cells = [f"{SHOWN[case['verdict']]} {case['seconds']:.1f} s" if case["seconds"] else ""
                 for case in (specimen["tools"][tool] for tool in TOOLS)]
        lines.append(f"| {specimen['name']} | " + " | ".join(cells) + " |")
    return lines


def document(result: dict) -> str:
    machine = result["machine"]
    remarks = [f"- {specimen['name']}, {tool}: {' '.join(case['remark'].split())[:200]}"
               for specimen in result["specimens"] for tool, case in specimen["tools"].items()
               if case["verdict"] == "failed"]
    lines = ["# What is found, and what is imagined", "",
             f"The specimens of `harness/specimens` under four tools, by `scripts/bench-detection`. {machine['cpu']}, "
             f"{machine['cores']} cores, Linux {machine['kernel']}, {result['date']}, commit {result['commit']}, "
             f"{result['jobs']} cases at a time. {result['note']}".rstrip(), "",
             "Each server gets its scenario's requests and is then asked to end. *Found*: the report names each function"
             " that the manifest names. *Elsewhere*: it reports something else, or not all. *False alarm*: anything"
             " reported of a clean server. For memcheck that is what it counts as an error, and ten descriptors left open"
             " by one place; for heaptrack, which lists what was live at the end and judges nothing, every entry of that"
             " list counts, for better and worse. Times are whole cases, with the reading of the report; leakgate's"
             " include its second replay where something grew. LeakSanitizer needs a build of its own, so servers that are"
             " not ours are not run under it.", ""]
    lines += summary_table(result)
    lines += ["", "## Sick", ""] + specimen_table(result, True) + ["", "## Clean", ""] + specimen_table(result, False)
    if remarks:
        lines += ["", "## Failed", ""] + remarks
    return "\n".join(lines) + "\n"
