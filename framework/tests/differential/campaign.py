"""Sends streams to the servers until a time or a number is reached, and gathers what was found."""
import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from measure.server import Server, ServerFailed

from . import servers, stream_file
from .exchange import Outcome, exchange
from .judge import Judgement, judge
from .minimize import smallest_stream
from .streams import Maker

STREAMS_AT_A_TIME = 16
MAX_FINDINGS = 5  # of different kinds; then the run ends
MINIMIZING_SECONDS = 15
ENDING_SECONDS = 60  # a sanitizer looks for leaks then


class H3Ended(Exception):
    """A server of ours ended while it should serve."""

    def __init__(self, server: Server):
        super().__init__(f"{server.name} ended with {server.stop(ENDING_SECONDS)}")
        self.last_lines = "\n".join(server.last_lines(40))


@dataclass
class Finding:
    text: str
    pieces: list[bytes]
    outcomes: dict[str, str] = field(default_factory=dict)  # by server
    origin: str = ""                                        # seed and number of the stream
    details: str = ""                                       # a server's last lines
    file: Path | None = None

    def save(self, folder: Path, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"finding-{number}.stream"
        heading = [self.text, self.origin, *(f"{name}: {outcome}" for name, outcome in self.outcomes.items())]
        comments = "".join(f"# {line}\n" for text in heading for line in text.splitlines())
        unfinished = self.file.with_suffix(".tmp")
        unfinished.write_text(comments + stream_file.to_text(self.pieces))
        unfinished.rename(self.file)


class Peers:
    """All servers of a run, started; H3 once on each reactor that this machine has."""

    def __init__(self, stack: contextlib.ExitStack, program: Path, folder: Path, note=lambda text: None):
        self.others = [stack.enter_context(server) for server in (servers.nginx(folder), servers.node(folder))]
        self.ours = [stack.enter_context(servers.h3(program, folder, "epoll"))]
        try:
            self.ours.append(stack.enter_context(servers.h3(program, folder, "io_uring")))
        except ServerFailed as error:
            note(f"without io_uring: {str(error).splitlines()[-1]}")

    def outcomes(self, streams: list[list[bytes]], turn: int) -> tuple[Server, list[tuple[Outcome, ...]]]:
        """Our server whose turn it is, and for each stream its outcome and those of the others."""
        ours = self.ours[turn % len(self.ours)]
        try:
            outcomes = exchange([ours, *self.others], streams)
        except OSError:
            if ours.alive():
                raise
        if not ours.alive():
            raise H3Ended(ours)
        return ours, outcomes

    def judge_one(self, pieces: list[bytes], turn: int) -> tuple[Judgement, dict[str, Outcome]]:
        ours, (outcomes,) = self.outcomes([pieces], turn)
        names = [ours.name, *(other.name for other in self.others)]
        return judge(b"".join(pieces), outcomes[0], outcomes[1:]), dict(zip(names, outcomes))

    def is_deadly(self, pieces: list[bytes], turn: int) -> bool:
        """Whether this stream ends a new server of ours."""
        with self.ours[turn % len(self.ours)]:
            try:
                self.judge_one(pieces, turn)
            except H3Ended:
                return True
        return False


class Campaign:
    """output: the folder that findings are written to, each as soon as it is made."""

    def __init__(self, peers: Peers, seed: int, output: Path, note=lambda text: None):
        self.seed = seed
        self.streams = 0
        self.requests = Counter()  # by server
        self.reasons = Counter()   # why the servers differed
        self.findings: list[Finding] = []
        self._peers = peers
        self._output = output
        self._note = note

    def add(self, finding: Finding) -> None:
        finding.save(self._output, len(self.findings))
        self.findings.append(finding)

    def run(self, until: float, streams: int, progress=lambda campaign: None) -> None:
        """Until this time of time.monotonic(), this number of streams or MAX_FINDINGS."""
        turn = 0
        while time.monotonic() < until and self.streams < streams and len(self.findings) < MAX_FINDINGS:
            count = min(STREAMS_AT_A_TIME, streams - self.streams)
            batch = [Maker(self.seed, self.streams + i).pieces() for i in range(count)]
            try:
                self._batch(batch, turn)
            except H3Ended as ended:
                self._add_end(ended, batch, turn)
                return
            turn += 1
            progress(self)

    def _batch(self, batch: list[list[bytes]], turn: int) -> None:
        ours, results = self._peers.outcomes(batch, turn)
        for pieces, outcomes in zip(batch, results):
            for server, outcome in zip((ours, *self._peers.others), outcomes):
                self.requests[server.name] += len(outcome.requests)
            judgement = judge(b"".join(pieces), outcomes[0], outcomes[1:])
            if judgement.reason:
                self.reasons[judgement.reason] += 1
            if judgement.finding and all(judgement.finding != known.text for known in self.findings):
                self._add(judgement.finding, pieces, turn)
            self.streams += 1

    def _add(self, text: str, pieces: list[bytes], turn: int) -> None:
        self._note(f"FINDING {text}; minimizing stream {self.streams} of seed {self.seed}")
        pieces = self._minimized(text, pieces, turn)
        _, outcomes = self._peers.judge_one(pieces, turn)
        self.add(Finding(text, pieces, {name: str(outcome) for name, outcome in outcomes.items()},
                         f"stream {self.streams} of seed {self.seed}"))

    def _add_end(self, ended: H3Ended, batch: list[list[bytes]], turn: int) -> None:
        """With the first stream that ends a new server by itself, when there is one."""
        self._note(f"FINDING {ended}; looking for the stream that does it")
        origin = f"one of {len(batch)} streams from {self.streams} on, of seed {self.seed}"
        deadly = next((pieces for pieces in batch if self._peers.is_deadly(pieces, turn)), [])
        self.add(Finding(str(ended), deadly, origin=origin, details=ended.last_lines))

    def _minimized(self, text: str, pieces: list[bytes], turn: int) -> list[bytes]:
        """In one piece where that shows it too; as it was when it does not."""
        end = time.monotonic() + MINIMIZING_SECONDS

        def shows(stream: bytes) -> bool:
            in_time = time.monotonic() < end
            return bool(stream) and in_time and self._peers.judge_one([stream], turn)[0].finding == text
        stream = b"".join(pieces)
        return [smallest_stream(stream, shows)] if shows(stream) else pieces
