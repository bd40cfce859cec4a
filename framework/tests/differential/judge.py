"""Compares what H3 made of a stream with what the others did, and with RFC 9112."""
import re
from typing import NamedTuple

from .exchange import Outcome, Request, origin_form
from .framing import Message, read_request
from .rules import broken_rule, leniency

_CONNECTION = re.compile(rb"(?im)^connection:([^\r\n]*)\r$")


class Judgement(NamedTuple):
    """finding: "" when all is well. reason: the rule that explains why the servers differ, "" when they do not."""
    finding: str = ""
    reason: str = ""


def judge(stream: bytes, h3: Outcome, others: list[Outcome]) -> Judgement:
    if h3.trouble:
        return Judgement(f"H3 is wrong by itself: {h3.trouble.partition(':')[0]}")
    messages, end, finding = _follow(stream, h3.requests)
    if finding:
        return Judgement(finding)
    taken = len(h3.requests)
    agreed = {_common(h3.requests, other.requests) for other in others}
    # Who has ended before has no opinion on a request: all must object to the same one.
    if len(agreed) == 1 and taken not in agreed:
        place = agreed.pop()
        return _judge_accepted(place, messages[place], others)
    if any(len(other.requests) > taken and _common(h3.requests, other.requests) == taken for other in others):
        return _judge_ended(stream, end, messages, h3)
    return Judgement()


def _common(ours: tuple[Request, ...], theirs: tuple[Request, ...]) -> int:
    count = 0
    for mine, other in zip(ours, theirs):
        if not mine.same_as(other):
            break
        count += 1
    return count


def _follow(stream: bytes, requests: tuple[Request, ...]) -> tuple[list[Message], int, str]:
    """Where the requests that H3 took stand in the stream, and what is wrong with them."""
    messages, at = [], 0
    for request in requests:
        if messages and not persists(messages[-1]):
            return messages, at, "H3 goes on after the last request of a connection"
        message = read_request(stream, at)
        if message is None:
            return messages, at, "H3 takes what is no whole request by RFC 9112"
        seen = Request(message.method, origin_form(message.target), message.body)
        if not request.same_as(seen):
            return messages, at, "H3 reads a request otherwise than RFC 9112"
        messages.append(message)
        at = message.end
    return messages, at, ""


def persists(message: Message) -> bool:
    """Whether the connection stays open after it (RFC 9112 9.3)."""
    lists = b",".join(_CONNECTION.findall(message.fields))
    options = [option.strip(b" \t").lower() for option in lists.split(b",")]
    return b"close" not in options and (message.minor_version > 0 or b"keep-alive" in options)


def _judge_accepted(place: int, message: Message, others: list[Outcome]) -> Judgement:
    allowed = leniency(message)
    if allowed is not None:
        return Judgement(reason=f"lenient, RFC {allowed.section}: {allowed.text}")
    framed = any(len(other.requests) > place for other in others)
    return Judgement("H3 alone sees another request" if framed else "H3 alone takes a request")


def _judge_ended(stream: bytes, end: int, messages: list[Message], h3: Outcome) -> Judgement:
    """Another server took one request more."""
    if h3.refusal:
        rule = broken_rule(h3.refusal, stream[end:])
        if rule is None:
            return Judgement(f"H3 refuses with {h3.refusal} and no rule says why")
        return Judgement(reason=f"{h3.refusal}, RFC {rule.section}: {rule.text}")
    if messages and not persists(messages[-1]):
        return Judgement(reason="closed, RFC 9112 9.6: nothing after the last request")
    if read_request(stream, end) is not None:
        return Judgement("H3 leaves a whole request without a response")
    return Judgement(reason="closed: no whole request by RFC 9112")
