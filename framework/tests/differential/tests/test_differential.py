"""The parts of the differential fuzzer that need no server."""
import unittest

from differential import minimize, rules, stream_file
from differential.exchange import Outcome, Request, origin_form, read_outcome
from differential.framing import read_request
from differential.judge import judge
from differential.streams import Maker

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SEEN_GET = Request(b"GET", b"/", b"")


def response(seen: bytes, body: bytes = b"", fields: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nSeen: %s\r\nContent-Length: %d\r\n%s\r\n%s" % (seen, len(body), fields, body)


def taken(*requests: Request) -> Outcome:
    return Outcome(requests, 0)


class Responses(unittest.TestCase):
    def test_all_of_a_connection(self):
        chunked = b"HTTP/1.1 200 OK\r\nseen: PUT /c\r\nTransfer-Encoding: chunked\r\n\r\n" \
            b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
        refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad"
        interim = b"HTTP/1.1 100 Continue\r\n\r\n"
        received = (interim, response(b"POST /a", b"hello"), response(b"HEAD /b"), chunked, refusal)
        self.assertEqual(read_outcome(b"".join(received)), Outcome(
            (Request(b"POST", b"/a", b"hello"), Request(b"HEAD", b"/b", None), Request(b"PUT", b"/c", b"abc")), 400))

    def test_what_no_server_should_send(self):
        refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
        for received, trouble in ((refusal + response(b"GET /"), "something follows a refusal"),
                                  (response(b"GET /", b"hello")[:-1], "a body is cut short"),
                                  (b"hello", "no status line"), (b"HTTP/1.1 200 OK\r\nA: b\r\n", "no end of a head")):
            self.assertIn(trouble, read_outcome(received).trouble)

    def test_targets_in_one_form(self):
        for target, expected in ((b"http://a/x?y", b"/x?y"), (b"HTTP://a?y", b"/?y"), (b"http://a", b"/"), (b"*", b"*"),
                                 (b"?y", b"/?y"), (b"/a?b=c://d", b"/a?b=c://d")):
            self.assertEqual(origin_form(target), expected)


class Framing(unittest.TestCase):
    def test_where_a_request_ends(self):
        chunks = b"3;a=\"b\"\r\nabc\r\n0\r\nT: u\r\n\r\n"
        for head, body, content in ((GET[:-2], b"", b""), (GET[:-2] + b"Content-Length: 05\r\n", b"hello", b"hello"),
                                    (GET[:-2] + b"transfer-encoding:chunked \r\n", chunks, b"abc")):
            message = read_request(b"x" + head + b"\r\n" + body + GET, 1)
            self.assertEqual((message.body, message.end), (content, 1 + len(head) + 2 + len(body)))

    def test_what_is_no_whole_request(self):
        coded = GET[:-2] + b"Transfer-Encoding: chunked\r\n"
        for stream in (GET[:-1], GET[:-2] + b"Content-Length: 2\r\n\r\nx", coded + b"\r\n0\r\n", coded + b"\r\n0\n\r\n",
                       coded + b"Content-Length: 5\r\n\r\n0\r\n\r\n", coded + coded[-28:] + b"\r\n0\r\n\r\n",
                       coded.replace(b"chunked", b"chunked,") + b"\r\n0\r\n\r\n", b"GET /  HTTP/1.1\r\n\r\n"):
            self.assertIsNone(read_request(stream, 0), stream)


class Judging(unittest.TestCase):
    def test_the_same(self):
        self.assertEqual(judge(GET * 2, taken(SEEN_GET, SEEN_GET), [taken(SEEN_GET, SEEN_GET)] * 2), ("", ""))

    def test_findings(self):
        refused, nothing = Outcome((), 400), taken()
        close = GET[:-2] + b"Connection: close\r\n\r\n"
        for text, stream, h3, others in (
                ("H3 alone takes a request", GET, taken(SEEN_GET), (refused, nothing)),
                ("H3 alone sees another request", GET, taken(SEEN_GET), (refused, taken(Request(b"PUT", b"/", b"")))),
                ("H3 reads a request otherwise", GET, taken(Request(b"GET", b"/", b"x")), (nothing, nothing)),
                ("H3 takes what is no whole", GET[:-2], taken(SEEN_GET), (taken(SEEN_GET), nothing)),
                ("H3 goes on after the last", close + GET, taken(SEEN_GET, SEEN_GET), (nothing, nothing)),
                ("H3 refuses with 400 and no rule", GET, refused, (taken(SEEN_GET), refused)),
                ("H3 leaves a whole request", GET * 2, taken(SEEN_GET), (taken(SEEN_GET, SEEN_GET), nothing)),
                ("H3 is wrong by itself: stuck", GET, Outcome((), 0, "stuck: silent"), (nothing, nothing))):
            self.assertIn(text, judge(stream, h3, list(others)).finding, stream)

    def test_one_that_ended_before_has_no_opinion(self):
        self.assertEqual(judge(GET * 2, taken(SEEN_GET, SEEN_GET), [taken(), taken(SEEN_GET)]).finding, "")

    def test_leniencies(self):
        coded = GET[:-2] + b"Transfer-Encoding: chunked\r\n\r\n0\r\n%s\r\n"
        for stream, allowed in ((GET[:-2] + b"A:\tb\r\n\r\n", True), (coded % b"content-length:\r\n", True),
                                (coded % b"A: b\r\nTransfer-Encoding: x\r\n", True), (coded % b"A: b\r\n", False),
                                (GET.replace(b"/", b"/a/%2E.", 1), True), (GET.replace(b"/", b"/a..", 1), False),
                                (GET.replace(b"/", b"/%00", 1), True), (GET.replace(b"1.1", b"1.9"), True),
                                (GET.replace(b"GET", b"TRACE"), True), (GET, False)):
            seen = Request(*stream.split(b" ")[:2], b"")
            judgement = judge(stream, taken(seen), [taken(), taken()])
            self.assertEqual((judgement.finding == "", "lenient" in judgement.reason), (allowed, allowed), stream)

    def test_reasons(self):
        folded = judge(GET[:-2] + b" A: b\r\n\r\n", Outcome((), 400), [taken(SEEN_GET), taken()])
        self.assertIn("9112 5.2", folded.reason)
        self.assertIn("9112 9.6", judge(GET[:-2] + b"Connection: close\r\n\r\n" + GET, taken(SEEN_GET),
                                        [taken(SEEN_GET, SEEN_GET), taken()]).reason)


class Rules(unittest.TestCase):
    def test_a_good_request_breaks_none(self):
        good = GET + b"POST /a?b=%20 HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 1\r\n\r\nx"
        for stream in (GET, good[len(GET):], b"\r\n" + GET, b"GET http://a:80?b HTTP/1.1\r\nHost: b\r\n\r\n"):
            broken = [rule.text for rule in rules.STRICT if rule.broken_by(rules.Refused(stream))]
            self.assertEqual(broken, [], stream)

    def test_each_status_has_a_rule_that_is_broken(self):
        def with_line(line: bytes) -> bytes:
            return GET[:-2] + line + b"\r\n"
        texts = {
            400: (GET.replace(b"\r\nH", b"\nH"), b"\r\n\r\n" + GET, with_line(b"A: \0\r\n"), with_line(b"A : b\r\n"),
                  GET.replace(b"/ ", b"/  "), GET.replace(b"/ ", b"http://@ "), GET.replace(b"/ ", b"* "),
                  GET.replace(b"Host: a", b"A: b"), GET.replace(b"Host: a", b"Host: [8]"), with_line(b"Connection: \xad\r\n"),
                  with_line(b"Content-Length: 5, 5\r\n"), with_line(b"Transfer-Encoding: chunked,\r\n"),
                  with_line(b"Transfer-Encoding: chunked\r\n") + b"0x1\r\n", GET.replace(b"1.1", b"0.9")),
            405: (GET.replace(b"GET", b"CONNECT"),), 413: (with_line(b"Content-Length: 1048577\r\n"),),
            414: (GET.replace(b"/", b"/" + b"x" * 8200),), 415: (with_line(b"Content-Encoding: gzip\r\n"),),
            417: (with_line(b"Expect: x\r\n"),), 431: (with_line(b"A: b\r\n" * 101),),
            501: (GET.replace(b"GET", b"BREW"),), 505: (GET.replace(b"1.1", b"2.0"),)}
        for status, streams in texts.items():
            for stream in streams:
                self.assertIsNotNone(rules.broken_rule(status, stream), stream)


class Streams(unittest.TestCase):
    def test_the_same_seed_makes_the_same_stream(self):
        self.assertEqual(Maker(7, 3).pieces(), Maker(7, 3).pieces())
        self.assertNotEqual([Maker(7, i).pieces() for i in range(9)], [Maker(8, i).pieces() for i in range(9)])

    def test_as_text_and_back(self):
        for index in range(300):
            pieces = Maker(1, index).pieces()
            self.assertEqual(stream_file.from_text("# a comment\n" + stream_file.to_text(pieces)), pieces, index)
        for piece in (b"--\n", b"#\n", b"--", b"\\x00"):
            self.assertEqual(stream_file.from_text(stream_file.to_text([piece])), [piece])

    def test_text_that_is_no_stream(self):
        for text, part in (("a\n\\q", "line 2: found '.*q'"), ("\\x0", "line 1"), ("\u20ac", "line 1: found '€'"),
                           ("#", "no bytes")):
            with self.assertRaisesRegex(stream_file.BadStream, part):
                stream_file.from_text(text)

    def test_smallest_stream_keeps_what_shows_it(self):
        stream = b"GET / HTTP/1.1\r\nA: b\r\nHost: a\r\nC: d\r\n\r\nxyz"
        self.assertEqual(minimize.smallest_stream(stream, lambda part: b"b" in part and b"z" in part), b"bz")


if __name__ == "__main__":
    unittest.main()
