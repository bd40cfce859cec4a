"""Chromium, driven by playwright-core: see chromium.mjs."""
import json
import shutil
import subprocess
from pathlib import Path

from measure.server import free_port


class Chromium:
    name = "chromium"

    def __init__(self, packages: Path, screenshots: Path):
        self._packages = packages.resolve()
        self._screenshots = screenshots.resolve()
        self._port = free_port()

    @property
    def origin(self) -> str:
        """Of the front-end elsewhere: another origin, of the same site as 127.0.0.1, so that the cookie is sent."""
        return f"http://127.0.0.1:{self._port}"

    def missing(self) -> str:
        if not self._program():
            return "chromium (scripts/setup --browser)"
        if not shutil.which("node"):
            return "node (Debian: nodejs)"
        for package in ("playwright-core", "axe-core"):
            if not (self._packages / "node_modules" / package).exists():
                return f"{self._packages}/node_modules/{package} (scripts/setup --browser)"
        return ""

    def use(self, base: str) -> list[str]:
        """What is wrong, line by line."""
        self._screenshots.mkdir(parents=True, exist_ok=True)
        asked = {"chromium": self._program(), "packages": str(self._packages), "screenshots": str(self._screenshots),
                 "base": base, "port": self._port}
        done = subprocess.run(["node", str(Path(__file__).with_name("chromium.mjs"))], input=json.dumps(asked),
                              text=True, capture_output=True, timeout=900)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        found = json.loads(done.stdout)
        print(f"chromium: {found['checks']} checks, {len(found['wrong'])} wrong")
        return found["wrong"]

    @staticmethod
    def _program() -> str | None:
        return shutil.which("chromium") or shutil.which("chromium-browser")
