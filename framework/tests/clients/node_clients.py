"""Node's clients: http with an Agent that keeps connections, undici with pipelining, and the built-in fetch."""
import base64
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .exchanges import Exchange, Result
from .site import Address

_SCRIPT = Path(__file__).with_name("node_client.mjs")
_PACKAGES = Path("/usr/share/nodejs")  # Debian's


class NodeClient:
    """pipelines: whether requests that are made together go out on one connection."""

    def __init__(self, kind: str, abilities: set[str], sockets: set[str], connections=1, pipelines=False):
        self.name = f"node-{kind}"
        self.abilities, self.sockets = frozenset(abilities), frozenset(sockets)
        self.connections = connections
        self.pipelines = pipelines
        self._kind = kind

    def missing(self) -> str:
        if not shutil.which("node"):
            return "node (Debian: nodejs)"
        if self._kind == "undici" and not (_PACKAGES / "undici").exists():
            return f"{_PACKAGES}/undici (Debian: node-undici)"
        if self._kind == "fetch" and self._has_no_fetch():
            return "a Node with fetch, 18 or newer"
        return ""

    def run(self, address: Address, exchanges: Sequence[Exchange], together: bool = False) -> list[Result]:
        asked = [{"method": each.method, "path": each.path, "fields": each.fields, "chunked": each.chunked,
                  "follow": each.follow, "body": None if each.body is None else base64.b64encode(each.body).decode()}
                 for each in exchanges]
        return [Result(**each) for each in self._call(address, exchanges=asked, together=together)]

    def abandon(self, address: Address, path: str) -> None:
        self._call(address, exchanges=[], abandon=path)

    def _call(self, address: Address, **asked) -> list[dict]:
        text = json.dumps({"base": address.base, "unix": address.unix, **asked})
        done = subprocess.run(["node", str(_SCRIPT), self._kind], input=text, capture_output=True, text=True,
                              timeout=300, env={**os.environ, "NODE_NO_WARNINGS": "1", "NODE_PATH": str(_PACKAGES)})
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout)

    @staticmethod
    def _has_no_fetch() -> bool:
        return subprocess.run(["node", "--eval", "process.exit(typeof fetch === 'function' ? 0 : 1)"]).returncode != 0
