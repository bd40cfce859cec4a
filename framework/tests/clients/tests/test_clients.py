"""How the clients' responses are judged, without a server."""
import unittest

from clients.exchanges import TABLE, Exchange, Result, pattern, problems
from clients.slowhttptest import MODES, read_outcome


class Judging(unittest.TestCase):
    def test_what_differs_is_named(self):
        asked = Exchange("a", "/a", content=b"abc", expected={"content-type": "text/plain"})
        right = {"Content-Type": "text/plain"}.items()
        for result, wrong in ((Result.of(200, right, b"abc"), []),
                              (Result.of(206, right, b"abc"), ["status 206, expected 200"]),
                              (Result.of(200, right, b"abd"), ["another body of 3 bytes, expected 3"]),
                              (Result.of(200, [], b"abc"), ["content-type None, expected 'text/plain'"])):
            self.assertEqual(problems(asked, result), wrong)

    def test_a_range_that_is_shifted_is_another_body(self):
        body = pattern(20_000)
        asked = Exchange("a", "/a", content=body[5_000:6_000])
        self.assertTrue(problems(asked, Result.of(200, [], body[4_999:5_999])))

    def test_names_are_unique(self):
        self.assertEqual(len({each.name for each in TABLE}), len(TABLE))


class SlowHttpTest(unittest.TestCase):
    HEAD = "Seconds,Closed,Pending,Connected,Service Available\n"

    def test_what_must_hold_in_each_mode(self):
        ends, stays = MODES[0], MODES[3]
        left = "Exit status:\x1b[1;36m No open connections left\x1b[0m"
        good, bad = "0,0,1,0,200\n1,200,0,0,200\n", "0,0,1,0,200\n1,0,0,200,0\n"
        for mode, printed, rows, wrong in ((ends, left, good, 0), (ends, "Hit test time limit", good, 1),
                                           (stays, "Hit test time limit", good, 0), (stays, "", bad, 1),
                                           (ends, "", bad, 2)):
            self.assertEqual(len(read_outcome(printed, self.HEAD + rows).problems(mode)), wrong)


if __name__ == "__main__":
    unittest.main()
