"""curl: one process for a list of exchanges, so that it keeps its connection."""
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .exchanges import Exchange, Result
from .site import Address

_NOTHING_FITS = 63  # exit code: the response is larger than --max-filesize


class Curl:
    name, abilities, sockets = "curl", frozenset({"expect", "follow"}), frozenset({"tcp", "unix"})
    connections = 1

    def missing(self) -> str:
        return "" if shutil.which("curl") else "curl (Debian: curl)"

    def run(self, address: Address, exchanges: Sequence[Exchange]) -> list[Result]:
        with tempfile.TemporaryDirectory(prefix="h3-curl-") as name:
            folder = Path(name)
            command = ["curl"]
            for number, exchange in enumerate(exchanges):
                command += ["--next"] * (number > 0)
                command += self._arguments(address, exchange, folder, number)
            self._call(command, 0)
            return [self._result(folder, number) for number in range(len(exchanges))]

    def abandon(self, address: Address, path: str) -> None:
        """Leaves when it reads how long the response is."""
        nowhere = ["--max-filesize", "1000", "--output", "/dev/null"]
        self._call(["curl", *self._common(address), *nowhere, address.base + path], _NOTHING_FITS)

    def _common(self, address: Address) -> list[str]:
        socket = ["--unix-socket", address.unix] if address.unix else []
        return ["--silent", "--show-error", "--http1.1", "--noproxy", "*", "--max-time", "120",
                "--expect100-timeout", "120", *socket]

    def _arguments(self, address: Address, exchange: Exchange, folder: Path, number: int) -> list[str]:
        words = [*self._common(address), "--output", str(folder / f"{number}.body"),
                 "--dump-header", str(folder / f"{number}.head")]
        if exchange.method == "HEAD":
            words.append("--head")
        elif exchange.method != "GET":
            words += ["--request", exchange.method]
        if exchange.body is not None:
            (folder / f"{number}.sent").write_bytes(exchange.body)
            words += ["--data-binary", f"@{folder / f'{number}.sent'}"]
        fields = dict(exchange.fields)
        if exchange.body is not None:
            fields.setdefault("Expect", "")  # else it adds its own to large bodies
        if exchange.chunked:
            fields["Transfer-Encoding"] = "chunked"
        for name, value in fields.items():
            words += ["--header", f"{name}: {value}" if value else f"{name}:"]
        return [*words, *["--location"] * exchange.follow, address.base + exchange.path]

    def _result(self, folder: Path, number: int) -> Result:
        heads = (folder / f"{number}.head").read_bytes().decode("latin-1").split("\r\n\r\n")
        line, *fields = heads[-2].split("\r\n")  # the last: before it are 100 Continue and redirects
        pairs = [(name, value) for name, _, value in (field.partition(": ") for field in fields)]
        output = folder / f"{number}.body"  # not there when the body is empty; --head has the head in it too
        body = output.read_bytes() if output.exists() else b""
        return Result.of(int(line.split(" ")[1]), pairs, body.removeprefix((folder / f"{number}.head").read_bytes()))

    def _call(self, command: list[str], expected: int) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode != expected:
            raise RuntimeError(f"curl ended with {done.returncode}, expected {expected}: {done.stderr.strip()}")
