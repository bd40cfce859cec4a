"""Called by CTest: one client, over each kind of socket that it can use, through the whole table.

    python3 -m clients curl --server build/dev/bin/h3-demo [--reactor epoll]

Exit codes: 0 all as expected; 1 not so; 2 wrong usage; 3 h3-demo or a proxy did not start; 77 the client is not
installed.
"""
import argparse
import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

from measure.server import ServerFailed

from .curl import Curl
from .exchanges import BURST, MANY, TABLE, Exchange, problems
from .node_clients import NodeClient
from .proxies import BehindHaproxy, BehindHaproxyWithHeader, BehindNginx
from .python_clients import HttpClient, Requests, Urllib
from .site import Address, Site

EXIT_WRONG, EXIT_NOT_RUN, EXIT_SKIPPED = 1, 3, 77
BOTH = {"tcp", "unix"}
CLIENTS = {client.name: client for client in (
    Curl(), HttpClient(), Urllib(), Requests(), NodeClient("http", {"expect"}, BOTH),
    NodeClient("undici", set(), BOTH, pipelines=True),
    NodeClient("fetch", {"follow"}, {"tcp"}, connections=MANY // 10),  # it may open one before another is free again
    BehindNginx(), BehindHaproxy(), BehindHaproxyWithHeader(1), BehindHaproxyWithHeader(2))}
# Made in one go, it is told apart by what it asks for.
USERS = [Exchange(f"request {n}", f"/users/{n}", content=str(n).encode()) for n in range(MANY)]


class Check:
    """One client against one server: what was wrong, line by line."""

    def __init__(self, client, site: Site):
        self.wrong: list[str] = []
        self._client = client
        self._site = site

    def over(self, address: Address) -> None:
        with contextlib.ExitStack() as stack:
            target = address
            if hasattr(self._client, "ready"):
                target = stack.enter_context(self._client.ready(address, self._site.folder))
            self._many(target, str(address))
            self._table(target, str(address))
            if getattr(self._client, "pipelines", False):
                burst = USERS[:BURST]
                self._compare(f"{address}, pipelined", burst, self._client.run(target, burst, together=True))
            self._client.abandon(target, "/static/large.bin")
            first = TABLE[:1]
            self._compare(f"{address}, after leaving a response", first, self._client.run(target, first))

    def _many(self, target: Address, where: str) -> None:
        self._compare(f"{where}, in a row", USERS, self._client.run(target, USERS))
        used = self._site.connections_after(MANY)
        print(f"{where}: {MANY} requests on {used} connections")
        if used > self._client.connections:
            self.wrong.append(f"{where}: {used} connections for {MANY} requests, expected {self._client.connections}")

    def _table(self, target: Address, where: str) -> None:
        table = (*TABLE, *getattr(self._client, "further", ()))
        able = [each for each in table if not each.needs or each.needs in self._client.abilities]
        self._compare(where, able, self._client.run(target, able))

    def _compare(self, where: str, asked: list[Exchange], results: list) -> None:
        if len(results) != len(asked):
            self.wrong.append(f"{where}: {len(results)} responses, expected {len(asked)}")
        found = [f"{where}: {each.name}: {problem}" for each, result in zip(asked, results)
                 for problem in problems(each, result)]
        print(f"{where}: {len(asked)} exchanges, {len(found)} wrong")
        self.wrong += found


def check(client, program: Path, reactor: str, unix: bool) -> list[str]:
    """Over one kind of socket, against a server of its own."""
    with tempfile.TemporaryDirectory(prefix="h3-clients-") as name, \
            Site(program, Path(name), reactor, getattr(client, "server_arguments", ())) as site:
        Path(name).chmod(0o755)
        checked = Check(client, site)
        address = site.unix if unix else site.tcp
        try:
            checked.over(address)
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
            checked.wrong.append(f"{address}: {error}")
        code = site.stop()
        if code != 0:
            checked.wrong += [f"h3-demo ended with {code}", *site.last_lines()]
        return checked.wrong


def check_all(client, program: Path, reactor: str) -> list[str]:
    wrong = []
    for socket in ("tcp", "unix"):
        if socket in client.sockets:
            wrong += check(client, program, reactor, unix=socket == "unix")
        else:
            print(f"{socket}: {client.name} has no such sockets")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="clients", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("client", choices=CLIENTS)
    parser.add_argument("--server", type=Path, required=True, help="h3-demo")
    parser.add_argument("--reactor", default="epoll", help="epoll or io_uring")
    options = parser.parse_args()
    client = CLIENTS[options.client]
    missing = client.missing()
    if missing:
        print(f"SKIPPED: needs {missing}")
        return EXIT_SKIPPED
    try:
        wrong = check_all(client, options.server, options.reactor)
    except (ServerFailed, OSError) as error:
        print(f"could not run: {error}", file=sys.stderr)
        return EXIT_NOT_RUN
    for line in wrong:
        print(f"WRONG {line}")
    return EXIT_WRONG if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
