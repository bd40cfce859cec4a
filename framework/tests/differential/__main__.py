"""Called by scripts/fuzz-differential and by CTest: one run, or one stream again."""
import argparse
import contextlib
import json
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from measure.progress import Progress
from measure.server import ServerFailed

from . import stream_file
from .campaign import ENDING_SECONDS, Campaign, Finding, H3Ended, Peers
from .servers import Missing

EXIT_FOUND, EXIT_USAGE, EXIT_NOT_RUN, EXIT_SKIPPED, EXIT_INTERRUPTED = 1, 2, 3, 77, 130


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/fuzz-differential", add_help=False)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--streams", type=int, default=sys.maxsize)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path("build/fuzz-differential"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.seconds <= 0 or options.streams <= 0:
        parser.error("--seconds and --streams: expected more than 0")
    return options


def replay(peers: Peers, file: Path) -> int:
    """The stream of a file, on each reactor."""
    pieces = stream_file.from_text(file.read_text())
    code = 0
    for turn in range(len(peers.ours)):
        judgement, outcomes = peers.judge_one(pieces, turn)
        for name, outcome in outcomes.items():
            print(f"{name}: {outcome}")
        print(f"=> {judgement.finding or judgement.reason or 'the same'}\n")
        code = code or (EXIT_FOUND if judgement.finding else 0)
    return code


def fuzz(campaign: Campaign, options: argparse.Namespace, progress: Progress) -> None:
    start = time.monotonic()

    def show(running: Campaign) -> None:
        elapsed = time.monotonic() - start
        progress.step(f"{running.streams:,} streams, {running.streams / elapsed:,.0f} a second, "
                      f"{len(running.findings)} findings, {max(0, options.seconds - elapsed):.0f} s to go")
    campaign.run(start + options.seconds, options.streams, show)


def end_servers(campaign: Campaign, peers: Peers) -> None:
    """What a sanitizer finds at the end is a finding too."""
    for server in peers.ours:
        if server.alive() and server.stop(ENDING_SECONDS) != 0:
            campaign.add(Finding(str(ended := H3Ended(server)), [], details=ended.last_lines))


def report(campaign: Campaign, elapsed: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps({
            "seed": campaign.seed, "streams": campaign.streams, "seconds": round(elapsed, 1),
            "requests": campaign.requests, "reasons": campaign.reasons,
            "findings": [{"text": finding.text, "file": str(finding.file or ""), "outcomes": finding.outcomes}
                         for finding in campaign.findings]}, indent=1))
        return
    for finding in campaign.findings:
        print(f"FINDING {finding.text}\n  {finding.origin}")
        print(f"  replay: scripts/fuzz-differential --replay {finding.file}")
        for name, outcome in finding.outcomes.items():
            print(f"  {name}: {outcome}")
        print(finding.details)
    print("why H3 differed (times, status, rule):")
    for reason, count in campaign.reasons.most_common():
        print(f"{count:9,}  {reason}")
    print("requests: " + ", ".join(f"{name} {count:,}" for name, count in campaign.requests.items()))
    print(f"{campaign.streams:,} streams in {elapsed:.0f} s, seed {campaign.seed}: {len(campaign.findings)} findings")


def run(options: argparse.Namespace, progress: Progress) -> int:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="h3-differential-")))
        peers = Peers(stack, options.server, folder, progress.note)
        if options.replay is not None:
            return replay(peers, options.replay)
        progress.note(f"seed {options.seed}")
        campaign = Campaign(peers, options.seed, options.output, progress.note)
        start, code = time.monotonic(), 0
        try:
            fuzz(campaign, options, progress)
        except KeyboardInterrupt:
            code = EXIT_INTERRUPTED
        end_servers(campaign, peers)
        report(campaign, time.monotonic() - start, options.json)
        return EXIT_FOUND if campaign.findings else code


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> int:
    options = read_options()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return run(options, Progress())
    except Missing as missing:
        print(f"SKIPPED: needs {missing}", file=sys.stderr)
        return EXIT_SKIPPED
    except stream_file.BadStream as error:
        print(f"{options.replay}: {error}", file=sys.stderr)
        return EXIT_USAGE
    except (ServerFailed, OSError) as error:
        print(f"scripts/fuzz-differential: could not run: {error}", file=sys.stderr)
        return EXIT_NOT_RUN
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
