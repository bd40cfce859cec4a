"""The servers of the table, and how each is started."""
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .paths import BENCH, BIN, PEERS

ALL = ("plaintext", "json", "users", "echo_1k", "echo_64k", "pipelined")
FLOOR = ("plaintext", "pipelined")


@dataclass(frozen=True)
class Entry:
    """One row. native: a program that valgrind and the shim can look into."""

    name: str
    title: str
    program: str
    columns: tuple[str, ...] = ALL
    arguments: tuple[str, ...] = ()
    native: bool = True
    blind: bool = False            # it parses nothing, and responds to any request without a body as to plaintext
    says_keep_alive: bool = False  # it closes unless the request asks for keep-alive
    missing: str = ""              # why it is left out, when its program is not there
    options: frozenset[str] = field(default=frozenset())  # of "--unix", "--threads"
    remark: str = ""

    @property
    def loads(self) -> tuple[str, ...]:
        """The columns that it can be in, whatever its responses."""
        return (*self.columns, "json", "users") if self.blind else self.columns

    def available(self) -> bool:
        return Path(self.program).exists() and (self.name != "nginx" or Path(_which("nginx")).exists())

    def command(self, port: int | str, *more: str) -> list[str]:
        return [self.program, *self.arguments, "--port", str(port), *more]


def _which(program: str) -> str:
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin") or f"/nonexistent/{program}"


def _ours(name: str) -> str:
    return str(BIN / name)


def _script(name: str) -> tuple[str, ...]:
    return (str(PEERS / name),)


_UNIX_AND_THREADS = frozenset({"--unix", "--threads"})
_NOT_BUILT = "its library is not installed (scripts/setup --bench)"
_NO_NODE = "node is not installed (scripts/setup --bench)"
_NO_NPM = "npm is not installed, or could not install the package (see above)"
# The bundle of native code inside of the npm package, not the launcher in .bin.
_BUN = PEERS / "node_modules" / "bun" / "bin" / "bun.exe"


def catalogue() -> list[Entry]:
    node = _which("node")
    h3_package = PEERS / "node_modules" / "h3"
    return [
        Entry("floor-epoll", "bare epoll loop (the floor)", _ours("floor-epoll"), FLOOR, blind=True, options=_UNIX_AND_THREADS),
        Entry("floor-asio", "the same on Asio", _ours("floor-asio"), FLOOR, blind=True, options=frozenset({"--threads"})),
        Entry("h3", "**H3** (h3-demo)", _ours("h3-demo"), options=_UNIX_AND_THREADS),
        Entry("h3-io_uring", "**H3** on io_uring", _ours("h3-demo"), arguments=("--reactor", "io_uring")),
        Entry("nginx", "nginx, `return 200`", str(BENCH / "peers" / "run-nginx"),
              ("plaintext", "json", "users", "pipelined"), missing="nginx is not installed (scripts/setup)",
              remark="fixed responses, nothing serialised"),
        Entry("beast", "Beast's async example", _ours("peer-beast")),
        Entry("pistache", "Pistache", _ours("peer-pistache"), says_keep_alive=True, missing=_NOT_BUILT,
              remark="sends no Date"),
        Entry("httplib", "cpp-httplib", _ours("peer-httplib"), missing=_NOT_BUILT,
              remark="a thread per connection; sends no Date"),
        Entry("node", "Node, http", node, arguments=_script("node_http.mjs"), native=False, missing=_NO_NODE),
        Entry("h3-node", "h3 on Node", node if h3_package.exists() else "/nonexistent/h3",
              arguments=_script("h3_app.mjs"), native=False, missing=_NO_NPM),
        Entry("h3-bun", "h3 on Bun", str(_BUN), arguments=_script("h3_app.mjs"), native=False, missing=_NO_NPM),
    ]


def copy_scripts() -> None:
    """Beside the packages that they import."""
    PEERS.mkdir(parents=True, exist_ok=True)
    for script in (BENCH / "peers").glob("*.mjs"):
        shutil.copy(script, PEERS)


def version_of(entry: Entry) -> str:
    """What the row's program says it is; empty for the servers that are compiled here."""
    if entry.name == "nginx":
        return subprocess.run([_which("nginx"), "-v"], capture_output=True, text=True).stderr.strip()
    if entry.native:
        return ""
    return subprocess.run([entry.program, "--version"], capture_output=True, text=True).stdout.strip()
