"""Called by CTest: one client uses h3-notes as a user would.

    python3 -m notes_clients curl --server build/dev/bin/h3-notes --web framework/examples/notes/web
    python3 -m notes_clients chromium --server ... --web ... --packages harness/tests/browser --screenshots FOLDER

Exit codes: 0 all as expected; 1 not so; 2 wrong usage; 3 h3-notes did not start; 77 the client is not installed.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measure.server import ServerFailed

from .chromium import Chromium
from .command_clients import CurlUser, FetchUser, RequestsUser
from .journey import ALLOWED, JOURNEY, problems
from .service import Service

EXIT_WRONG, EXIT_NOT_RUN, EXIT_SKIPPED = 1, 3, 77
USERS = {user.name: user for user in (CurlUser(), RequestsUser(), FetchUser())}


def take_journey(user, service: Service) -> list[str]:
    results = user.run(service.base, JOURNEY)
    wrong = [f"{step.name}: {problem}" for step, result in zip(JOURNEY, results) for problem in problems(step, result)]
    if len(results) != len(JOURNEY):
        wrong.append(f"{len(results)} responses, expected {len(JOURNEY)}")
    print(f"{user.name}: {len(results)} steps, {len(wrong)} wrong")
    return wrong


def run(client, options: argparse.Namespace) -> list[str]:
    """What is wrong, line by line."""
    with tempfile.TemporaryDirectory(prefix="notes-clients-") as name:
        origin = getattr(client, "origin", ALLOWED)
        with Service(options.server, options.web, origin, Path(name) / "h3-notes.log") as service:
            try:
                wrong = client.use(service.base) if isinstance(client, Chromium) else take_journey(client, service)
            except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
                wrong = [str(error)]
            return wrong + service.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="notes_clients", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("client", choices=[*USERS, Chromium.name])
    parser.add_argument("--server", type=Path, required=True, help="h3-notes")
    parser.add_argument("--web", type=Path, required=True, help="its front-end")
    parser.add_argument("--packages", type=Path, help="the folder with node_modules for Chromium")
    parser.add_argument("--screenshots", type=Path, help="where Chromium's go")
    options = parser.parse_args()
    if options.client == Chromium.name and not (options.packages and options.screenshots):
        parser.error("chromium needs --packages and --screenshots")
    client = USERS.get(options.client) or Chromium(options.packages, options.screenshots)
    missing = client.missing()
    if missing:
        print(f"SKIPPED: needs {missing}")
        return EXIT_SKIPPED
    try:
        wrong = run(client, options)
    except (ServerFailed, OSError) as error:
        print(f"could not run: {error}", file=sys.stderr)
        return EXIT_NOT_RUN
    for line in wrong:
        print(f"WRONG {line}")
    return EXIT_WRONG if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
