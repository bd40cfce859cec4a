"""What a tool reported: texts of single leaks, cut from its output."""
import re


def lsan_records(log: str) -> list[str]:
    """Each "Direct leak ..." or "Indirect leak ..." with its frames."""
    return [block for block in re.split(r"\n\s*\n", log) if re.match(r"\s*(Direct|Indirect) leak of ", block)]


def memcheck_records(log: str) -> list[str]:
    """Losses that memcheck counts as errors, and, where one place has many, descriptors that were left open."""
    blocks = re.split(r"\n==\d+== \n", "\n" + log)
    losses = [block for block in blocks if re.search(r"(definitely|indirectly|possibly) lost in loss record", block)]
    # Every program leaves some open: a place says something when it left ten.
    opened: dict[str, list[str]] = {}
    for block in re.split(r"\n(?===\d+== Open (?:file descriptor|AF_))", log):
        if re.match(r"==\d+== Open (file descriptor|AF_)", block):
            frames = re.findall(r"(?:at|by) 0x[0-9A-F]+: (.*)", block)
            opened.setdefault("\n".join(frames), []).append(block)
    return losses + [places[0] for frames, places in opened.items() if frames and len(places) >= 10]


def heaptrack_records(text: str) -> list[str]:
    """The list of what was live at the end, which heaptrack calls leaks."""
    _, _, leaks = text.partition("MEMORY LEAKS")
    return re.split(r"\n(?=\S+ leaked over \d+ calls? from)", leaks)[1:]


def names_function(record: str, function: str) -> bool:
    """Whole names only: `keep` is not in `keepRest`. Parameters and template arguments do not count."""
    return re.search(r"(?<![\w:])" + re.escape(function) + r"(?!\w)", record) is not None


def judge(records: list[str], functions: list[str], sick: bool) -> str:
    """found: each function is named by a record; elsewhere: records, but not of all functions; missed; silent; alarm."""
    if not sick:
        return "alarm" if records else "silent"
    if functions and all(any(names_function(record, function) for record in records) for function in functions):
        return "found"
    return "elsewhere" if records else "missed"
