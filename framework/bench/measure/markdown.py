"""The results as a page of Markdown."""
from .callgrind import CROWD, LOCKSTEP
from .columns import BY_KEY

_DASH = "-"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _us(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def _kib(value: float) -> str:
    return f"{value / 1024:,.1f} KiB"


def mib(value: float) -> str:
    return f"{value / (1 << 20):,.1f} MiB"


def _count(value) -> str:
    if value is None:
        return _DASH
    return f"{value:,.0f}" if value >= 100 or value == round(value) else f"{value:,.2f}"


def _half_width(spread: dict) -> str:
    """Half of the distance between the quartiles, in percent of the median; nothing after a single round."""
    if spread["high"] == spread["low"]:
        return ""
    return f" ±{50 * (spread['high'] - spread['low']) / spread['median']:.1f}%"


def _cpu_cell(cell: dict | None) -> str:
    if cell is None:
        return _DASH
    if "failure" in cell:
        return "failed"
    cost, ratio = cell["cpu_us"], cell.get("ratio_to_floor")
    told = f" **{ratio['median']:.2f}x**{_half_width(ratio)}" if ratio else _half_width(cost)
    return _us(cost["median"]) + told


def _machine(result: dict) -> str:
    machine, options = result["machine"], result["options"]
    quick = "A **quick** run, to see that it works; its figures are not to be quoted. " if options["quick"] else ""
    return (f"{quick}{machine['date']}, commit {machine['commit']}. {machine['cpu']}, {machine['cores']} cores "
            f"({machine['virtual']}), {machine['memory_mib']:,} MiB, Linux {machine['kernel']}, {machine['compiler']}. "
            f"Load before the run {machine['load_before']:.2f}. Server on cores {options['server_cores']}, client on "
            f"{options['client_cores']}; {options['rounds']} rounds of {options['seconds']} s a server, in turns of a tenth of a second.\n")


def _rows_of(result: dict) -> list[dict]:
    return result["servers"]


def _cpu_table(result: dict) -> str:
    columns = result["columns"]
    rows = [[row["title"], *(_cpu_cell(row["cells"].get(key)) for key in columns)] for row in _rows_of(result)]
    return ("## CPU of the server per request\n\nMicroseconds, the ratio to the bare epoll loop beside it, half of the "
            "distance between the ratio's quartiles. 64 connections; the floor parses nothing and responds to JSON and "
            "/users/:id as it does plaintext. Echoes are not compared.\n\n"
            + table(["server", *(BY_KEY[key].title for key in columns)], rows))


def _split_table(result: dict) -> str:
    rows = []
    for row in _rows_of(result):
        cell = row["cells"].get("plaintext")
        if cell is None or "failure" in cell:
            continue
        rows.append([row["title"], _us(cell["user_us"]), _us(cell["system_us"]), f"{cell['requests_per_second']:,.0f}",
                     _us(cell["p50_us"]), _us(cell["p99_us"]), _us(cell["p999_us"]), mib(row["resident_bytes"])])
    return ("## Plaintext in detail\n\nuser and system: CPU microseconds per request. Latencies in microseconds, as wrk "
            "sees them with a server that is saturated. RSS after all rounds.\n\n"
            + table(["server", "user", "system", "requests/s", "p50", "p99", "p99.9", "RSS"], rows))


def _count_rows(result: dict, counts: dict, keys: list[str]) -> list[list[str]]:
    return [[row["title"], *(_count(counts[row["name"]].get(key)) for key in keys)]
            for row in _rows_of(result) if row["name"] in counts]


def _counts_tables(result: dict) -> str:
    def instructions(kinds) -> str:
        rows = _count_rows(result, result["instructions"], [kind.key for kind in kinds])
        return table(["server", *(kind.title for kind in kinds)], rows)
    columns = [key for key in result["columns"] if key != "pipelined"]
    allocations = _count_rows(result, result["allocations"], columns)
    return ("## User instructions and heap allocations per request\n\nOnly of programs that callgrind and leakgate's shim "
            "can look into. User instructions with 64 connections, as in the rounds:\n\n" + instructions(CROWD)
            + "\nThe same with one connection in lock-step, where each request is a wake-up of its own:\n\n"
            + instructions(LOCKSTEP) + "\nHeap allocations:\n\n"
            + table(["server", *(BY_KEY[key].title for key in columns)], allocations))


def _sockets_tables(result: dict) -> str:
    titles = {row["name"]: row["title"] for row in _rows_of(result)}
    unix = [[titles[name], *(_us(kinds[kind]["median"]) if kind in kinds else _DASH for kind in ("tcp", "unix"))]
            for name, kinds in result["unix_sockets"].items()]
    threads = [[titles[name], *(f"{_us(kinds[n]['cpu_us']['median'])}, {kinds[n]['requests_per_second']:,.0f}/s"
                                if n in kinds else _DASH for n in ("1", "2"))]
               for name, kinds in result["two_threads"].items()]
    idle = result["idle_connections"]
    memory = [[titles[name], _kib(value)] for name, value in idle["bytes_per_connection"].items() if value is not None]
    return ("## Unix sockets, threads, idle connections\n\nCPU microseconds per plaintext request, lock-step client, 64 "
            "connections:\n\n" + table(["server", "TCP", "unix socket"], unix)
            + "\nThe same by wrk, server and wrk together on all cores, and what wrk got through:\n\n"
            + table(["server", "1 thread", "2 threads"], threads)
            + f"\nMemory of the server per idle keep-alive connection, {idle['connections']:,} of them:\n\n"
            + table(["server", "RSS per connection"], memory))


def _footprint_table(result: dict) -> str:
    footprint = result["footprint"]
    rows = [[name, mib(each["stripped_bytes"]), mib(each["resident_at_start_bytes"])]
            for name, each in footprint["programs"].items()]
    return ("## Before the first request\n\nA hello-world program that includes `h3http/h3.hpp` compiles in "
            f"{footprint['hello_compile_seconds']:.2f} s of CPU time.\n\n"
            + table(["program", "stripped size", "RSS at start"], rows))


def _curve(key: str, curve: dict) -> str:
    points = sorted({point["at"] for line in curve["lines"] for point in line["points"]})
    rows = []
    for at in points:
        costs = [next((point["cpu_us"] for point in line["points"] if point["at"] == at), None)
                 for line in curve["lines"]]
        rows.append([f"{at:,}", *(_DASH if cost is None else f"{_us(cost['median'])}{_half_width(cost)}"
                                  for cost in costs)])
    return (f"### {curve['title']}\n\n![{curve['title']}]({key}.svg)\n\n"
            + table([curve["unit"], *(line["label"] for line in curve["lines"])], rows))


def _scaling(result: dict) -> str:
    return ("## As one thing grows\n\nCPU microseconds of the server per request, lock-step client.\n\n"
            + "\n".join(_curve(key, curve) for key, curve in result["scaling"].items()))


def _micro_table(result: dict) -> str:
    rows = [[f"`{name}`", f"{each['cpu_ns']:.1f}", _count(each["allocations"])]
            for name, each in result["micro"].items()]
    loops = [[f"{loop['iterations']:,}", *(f"{loop[key] - loop['clock_ns']:.0f}" for key in
                                           ("median_ns", "first_100_ns", "last_100_ns")),
              f"{100 * loop['reuse_ratio']:.2f} %"] for loop in result["audit_loop"]]
    return ("## Parts\n\nThe audit's loop over the pooled cycle with four more sets, nanoseconds without the read of the "
            f"clock ({result['audit_loop'][0]['clock_ns']:.0f} ns):\n\n"
            + table(["iterations", "median", "first 100", "last 100", "events reused"], loops)
            + "\nGoogle Benchmark, CPU nanoseconds and heap allocations per iteration:\n\n"
            + table(["benchmark", "ns", "allocations"], rows))


def _audit_rows(result: dict) -> list[list[str]]:
    def ns(name: str) -> str:
        return f"{result['micro'][name]['cpu_ns']:.1f} ns"
    cycle, loop = result["micro"]["event/pooled_cycle"], result["audit_loop"][-1]
    drift = 100 * (loop["last_100_ns"] / loop["first_100_ns"] - 1)
    cache = [ns(f"route_cache/hit/{order}/1000") for order in ("sequential", "random", "hotspot")]
    tries = [ns(f"trie/{kind}/random/1000") for kind in ("static", "param", "wildcard")]
    return [
        ["event pool, one operation", "313.91 us", "470 to 557 ns, 9 allocations",
         f"{ns('event/pooled_cycle')}, {_count(cycle['allocations'])} allocations"],
        ["the same with four more sets", "", "", ns("event/pooled_cycle+4sets")],
        ["events reused", "97.6 %, later 99.5 %", "", f"{100 * loop['reuse_ratio']:.3f} %"],
        ["last hundred operations against the first", "0.8 % slower", "",
         f"{drift:+.1f} % over {loop['iterations']:,}"],
        ["route cache hit: sequential, random, hot spot", "0.78, 0.87, 0.76 us", "85 to 103 ns", ", ".join(cache)],
        ["trie: static, param, wildcard, 1,000 routes", "", "17 to 35 ns", ", ".join(tries)],
    ]


def _audit_table(result: dict) -> str:
    return ("## Against the audit\n\nWhat the audit of h3z wrote down, what h3z's own parts took when we measured them on "
            "a machine like the one of the first results, and H3 in this run. CPU time per operation.\n\n"
            + table(["", "audit", "h3z, measured", "H3"], _audit_rows(result)))


_SECTIONS = [("servers", _cpu_table), ("servers", _split_table), ("instructions", _counts_tables),
             ("unix_sockets", _sockets_tables), ("footprint", _footprint_table), ("scaling", _scaling),
             ("micro", _audit_table), ("micro", _micro_table)]


def page(result: dict) -> str:
    parts = ["# Results\n\nWritten by `scripts/bench`; what it all means stands in benchmarks.md.\n", _machine(result)]
    parts += [section(result) for key, section in _SECTIONS if result.get(key)]
    remarks = [f"- {row['title']}: {row['remark']}" for row in _rows_of(result) if row["remark"]]
    failed = [f"- failed: {cell['failure']}" for row in _rows_of(result) for cell in row["cells"].values()
              if "failure" in cell]
    left_out = [f"- left out: {line}" for line in result["left_out"]]
    if remarks or failed or left_out:
        parts.append("## Remarks\n\n" + "\n".join(remarks + failed + left_out) + "\n")
    return "\n".join(parts)
