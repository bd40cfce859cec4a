"""curl, Python's requests and Node's fetch: each takes the whole journey, and keeps its users' cookies itself."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from clients.curl import Curl
from clients.node_clients import NodeClient
from clients.python_clients import Requests

from .journey import MAX_TRIES, Result, Step


class CurlUser:
    """A process for each request; the cookies are in a file between them."""
    name = "curl"

    def missing(self) -> str:
        return Curl().missing()

    def run(self, base: str, steps: Sequence[Step]) -> list[Result]:
        with tempfile.TemporaryDirectory(prefix="notes-curl-") as name:
            return [self._step(base, step, Path(name)) for step in steps]

    def _step(self, base: str, step: Step, folder: Path) -> Result:
        for _ in range(MAX_TRIES if step.until else 1):
            result = self._once(base, step, folder)
            if result.status == step.status:
                break
        return result

    def _once(self, base: str, step: Step, folder: Path) -> Result:
        head, body, jar = folder / "head", folder / "body", folder / f"{step.user}.cookies"
        body.write_bytes(b"")
        command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "60", "--dump-header", head,
                   "--output", body, "--cookie", jar, "--cookie-jar", jar, *self._body(step, folder)]
        command += ["--head"] if step.method == "HEAD" else ["--request", step.method]
        for field, value in step.fields.items():
            command += ["--header", f"{field}: {value}"]
        done = subprocess.run([*command, base + step.path], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{step.name}: curl ended with {done.returncode}: {done.stderr.strip()}")
        return Result(*self._read_head(head.read_text()), body.read_bytes() if step.method != "HEAD" else b"")

    def _body(self, step: Step, folder: Path) -> list:
        if step.form is not None:
            return [part for name, value in step.form.items() for part in ("--data-urlencode", f"{name}={value}")
                    ] or ["--data", ""]
        if step.parts is not None:
            return [part for name, value in step.parts.items() for part in ("--form-string", f"{name}={value}")]
        if step.json is not None:
            return ["--header", "Content-Type: application/json", "--data-binary", json.dumps(step.json)]
        if step.body is None:
            return []
        sent = folder / "sent"
        sent.write_bytes(step.body)
        return ["--upload-file", sent, *(["--header", "Transfer-Encoding: chunked"] if step.chunked else [])]

    @staticmethod
    def _read_head(text: str) -> tuple[int, dict[str, str]]:
        """Of the last response: 100 Continue comes before it."""
        status, *lines = text.strip().split("\n\n" if "\r" not in text else "\r\n\r\n")[-1].splitlines()
        return int(status.split()[1]), {name.lower(): value.strip() for name, value in
                                        (line.split(":", 1) for line in lines)}


def _asked(step: Step) -> dict:
    return {"name": step.name, "path": step.path, "status": step.status, "method": step.method, "user": step.user,
            "form": step.form, "parts": step.parts, "json": step.json, "chunked": step.chunked, "fields": step.fields,
            "body": None if step.body is None else base64.b64encode(step.body).decode(),
            "tries": MAX_TRIES if step.until else 1}


def _run(command: list[str], base: str, steps: Sequence[Step]) -> list[Result]:
    asked = json.dumps({"base": base, "steps": [_asked(step) for step in steps]})
    done = subprocess.run(command, input=asked, text=True, capture_output=True, timeout=600,
                          env={**os.environ, "NODE_NO_WARNINGS": "1"})
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return [Result(each["status"], each["fields"], base64.b64decode(each["body"])) for each in json.loads(done.stdout)]


class RequestsUser:
    name = "python-requests"

    def missing(self) -> str:
        return Requests().missing()

    def run(self, base: str, steps: Sequence[Step]) -> list[Result]:
        return _run([Requests().interpreter(), str(Path(__file__).with_name("requests_user.py"))], base, steps)


class FetchUser:
    """fetch keeps no cookies: the script does."""
    name = "node-fetch"

    def missing(self) -> str:
        return NodeClient("fetch", set(), {"tcp"}).missing()

    def run(self, base: str, steps: Sequence[Step]) -> list[Result]:
        return _run([shutil.which("node"), str(Path(__file__).with_name("fetch_user.mjs"))], base, steps)
